"""What AWS tells of an instance and moto does not, or tells otherwise."""
from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue, RDSClientError
from moto.rds.models import DBCluster, DBInstance

AUTHORITIES = {"rds-ca-ecc384-g1", "rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1"}
RETENTION = "performance_insights_retention_period"
KEY = "performance_insights_kms_key_id"
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.Engines.html
WITHOUT_INSIGHTS = ("db.t2.", "db.t3.", "db.t4g.micro", "db.t4g.small")


def install():
    begin = DBInstance.__init__

    def begin_with_settings(self, *args, **asked):
        begin(self, *args, **asked)
        self.publicly_accessible = bool(asked.get("publicly_accessible"))
        authority = asked.get("ca_certificate_identifier") or "rds-ca-rsa2048-g1"
        if authority not in AUTHORITIES:
            raise RDSClientError("CertificateNotFoundFault", f"Certificate not found: {authority}")
        self.ca_certificate_identifier = authority
        for name, value in insights(asked).items():
            setattr(self, name, value)

    DBInstance.__init__ = begin_with_settings
    DBInstance.default_db_parameter_group_details = default_group
    DBInstance.endpoint = once_created(DBInstance.endpoint.fget)
    DBInstance.instance_create_time = once_created(
        lambda self: self.__dict__["_since"],
        lambda self, since: self.__dict__.__setitem__("_since", since))
    DBInstance.database_insights_mode = "standard"
    DBCluster.database_insights_mode = "standard"


def once_created(read, write=None):
    """A property that an instance has not as long as it is being created."""
    return property(lambda self: None if self.status == "creating" else read(self), write)


def insights(asked):
    """What becomes of an instance's Performance Insights."""
    enabled, days = bool(asked.get("enable_performance_insights")), asked.get(RETENTION)
    if days is not None and days not in {7, 731, *range(31, 31 * 24, 31)}:
        raise InvalidParameterValue(f"Invalid Performance Insights retention period {days}")
    if not enabled and (days is not None or asked.get(KEY)):
        raise InvalidParameterCombination(
            "Performance Insights must be enabled to give it a key or a retention period.")
    if enabled and asked["db_instance_class"].startswith(WITHOUT_INSIGHTS):
        raise InvalidParameterCombination(
            "Performance Insights not supported for this configuration.")
    told = {"performance_insights_enabled": enabled}
    if enabled:
        told[RETENTION] = days or 7
        told[KEY] = asked.get(KEY) or "arn:aws:kms:eu-central-1:123456789012:key/default-of-rds"
    return told


def default_group(self):
    """The default group is named after the family: two numbers of the engine's version."""
    family = self.engine.lower() + ".".join(str(self.engine_version).split(".")[:2])
    return family, f"default.{family}"
