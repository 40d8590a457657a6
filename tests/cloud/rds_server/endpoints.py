"""Endpoints as a test gives them: moto derives hosts from names, and no server listens there."""
from moto.rds.models import DBCluster, DBInstance


def install():
    DBCluster.endpoint = given(DBCluster.endpoint, "_given_endpoint")
    DBCluster.reader_endpoint = given(DBCluster.reader_endpoint, "_given_reader_endpoint")
    DBInstance.address = given(DBInstance.address, "_given_address")


def given(derived, slot):
    """The property `derived`, which can also be set."""
    return property(lambda self: self.__dict__.get(slot) or derived.fget(self),
                    lambda self, value: self.__dict__.__setitem__(slot, value))
