"""Whether a condition of a template holds, as far as that is known before it is deployed."""


def holds(template, name, values):
    """True or False, or None where it depends on a parameter that has no value in `values` yet."""
    return _truth(template, template["Conditions"][name], values)


def _truth(template, condition, values):
    (kind, argument), = condition.items()
    if kind == "Condition":
        return holds(template, argument, values)
    if kind == "Fn::Equals":
        first, second = (_value(each, values) for each in argument)
        return None if first is None or second is None else first == second
    truths = [_truth(template, each, values) for each in argument]
    if kind == "Fn::Not":
        return None if truths[0] is None else not truths[0]
    # One false makes an And false, one true makes an Or true, whatever the others are.
    decisive = {"Fn::And": False, "Fn::Or": True}[kind]
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _value(operand, values):
    if isinstance(operand, dict):
        return values.get(operand.get("Ref"))
    return str(operand)
