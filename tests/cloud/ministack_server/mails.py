"""Keeps every message that is published to SNS.

ministack delivers to queues and functions, and only logs what it would send to
`email`. A queue sees the body for `sqs` alone; here all bodies are kept.
"""
import json

sent = []


def install():
    from ministack.services import sns

    fan_out = sns._fanout

    def keeping(topic_arn, msg_id, message, subject, message_structure="",
                message_attributes=None, *args, **kwargs):
        from .control import calling_app

        sent.append({
            "topic": topic_arn,
            "subject": subject,
            "bodies": bodies(message, message_structure),
            "attributes": {name: value.get("StringValue")
                           for name, value in (message_attributes or {}).items()},
            "app": calling_app.get(),
        })
        return fan_out(topic_arn, msg_id, message, subject, message_structure,
                       message_attributes, *args, **kwargs)

    sns._fanout = keeping


def bodies(message, structure):
    """The body per protocol; `default` is what all others get."""
    return json.loads(message) if structure == "json" else {"default": message}
