"""moto's RDS, with what the tests need and moto lacks: paging, quotas, the
state rules of cluster snapshots and of instances, custom endpoints, and
endpoints that seed and look."""
