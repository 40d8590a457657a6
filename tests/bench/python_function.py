"""The function to compare with: Lambda's Python runtime, boto3, the calls of take-snapshot."""
import os

import boto3

rds = boto3.client("rds", endpoint_url=os.environ["AWS_ENDPOINT_URL_RDS"])


def handler(event, context):
    clusters = rds.describe_db_clusters()["DBClusters"]
    snapshots = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    return {"clusters": len(clusters), "snapshots": len(snapshots)}
