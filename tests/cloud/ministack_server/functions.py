"""What a template says about functions and schedules and ministack forgets.

- ReservedConcurrentExecutions of a function;
- the environment variables that AWS derives from LoggingConfig;
- ScheduleExpressionTimezone of a schedule, and the refusal of a second one of
  the same name.
"""
import json


def install():
    from ministack.services import lambda_svc
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::Scheduler::Schedule"]["create"] = _create_schedule
    create_function = handlers["AWS::Lambda::Function"]["create"]

    def create_with_concurrency(logical_id, props, stack_name):
        name, attributes = create_function(logical_id, props, stack_name)
        reserved = props.get("ReservedConcurrentExecutions")
        if reserved is not None:
            lambda_svc._functions[name]["concurrency"] = int(reserved)
        return name, attributes

    handlers["AWS::Lambda::Function"]["create"] = create_with_concurrency
    environment = lambda_svc._provided_worker_env

    def environment_with_logging(config, code_dir, port):
        return {**environment(config, code_dir, port), **_logging(config)}

    lambda_svc._provided_worker_env = environment_with_logging


def _logging(config):
    settings = config.get("LoggingConfig") or {}
    group = settings.get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    variables = {"AWS_LAMBDA_LOG_GROUP_NAME": group}
    if settings.get("LogFormat") == "JSON":
        variables["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        variables["AWS_LAMBDA_LOG_LEVEL"] = settings.get("ApplicationLogLevel", "INFO")
    return variables


def _create_schedule(logical_id, props, stack_name):
    from ministack.services import scheduler
    from ministack.services.cloudformation import provisioners

    name = props.get("Name") or provisioners._physical_name(stack_name, logical_id, max_len=64)
    status, _, body = scheduler._create_schedule(name, props)
    if status >= 400:
        raise ValueError(f"AWS::Scheduler::Schedule {name}: {body!r}")
    return name, {"Arn": json.loads(body)["ScheduleArn"]}
