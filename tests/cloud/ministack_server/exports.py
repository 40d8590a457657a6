"""What a nested stack exports, which ministack forgets: other stacks import it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""


def install():
    from ministack.services.cloudformation import provisioners

    nested = provisioners._RESOURCE_HANDLERS["AWS::CloudFormation::Stack"]
    create = nested["create"]

    def create_with_exports(logical_id, props, stack_name):
        stack_id, attributes = create(logical_id, props, stack_name)
        _export(stack_id)
        return stack_id, attributes

    nested["create"] = create_with_exports


def _export(stack_id):
    from ministack.services.cloudformation import _exports, _stacks, stacks

    stack = next(each for each in _stacks.values() if each.get("StackId") == stack_id)
    template = stack.get("_template") or {}
    _, exports = stacks._resolve_stack_outputs(
        template.get("Outputs") or {}, stack.get("_conditions") or {}, stack["_resources"],
        stack.get("_resolved_params") or {}, template.get("Mappings") or {},
        stack["StackName"], stack_id)
    _exports.update(exports)
