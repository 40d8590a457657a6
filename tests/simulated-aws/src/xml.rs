//! Answers in XML, as the query protocol gives them.

use serde_json::Value;

/// What the items of a list are called, where they are not called `member`.
const ITEMS: [(&str, &str); 18] = [
    ("AccountQuotas", "AccountQuota"),
    ("Attributes", "entry"),
    ("AttributeValues", "AttributeValue"),
    ("AvailabilityZones", "AvailabilityZone"),
    ("DBClusterEndpoints", "DBClusterEndpointList"),
    ("DBClusterMembers", "DBClusterMember"),
    ("DBClusterParameterGroups", "DBClusterParameterGroup"),
    ("DBClusterSnapshotAttributes", "DBClusterSnapshotAttribute"),
    ("DBClusterSnapshots", "DBClusterSnapshot"),
    ("DBClusters", "DBCluster"),
    ("DBInstances", "DBInstance"),
    ("DBParameterGroups", "DBParameterGroup"),
    ("EventCategories", "EventCategory"),
    ("Events", "Event"),
    ("Parameters", "Parameter"),
    ("ReadReplicaIdentifiers", "ReadReplicaIdentifier"),
    ("TagList", "Tag"),
    ("VpcSecurityGroups", "VpcSecurityGroupMembership"),
];

/// What begins a text whose rest is elements, written already. It can't be in XML itself.
pub(crate) const WRITTEN: char = '\0';

/// Writes the members of `value` as elements. Members that are null are left out.
pub(crate) fn write(out: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(_, field)| !field.is_null()) {
                element(out, name, |out| content(out, name, field));
            }
        }
        other => content(out, "", other),
    }
}

fn content(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) => {
            let item = ITEMS.iter().find(|(list, _)| *list == name);
            let item = item.map_or("member", |(_, item)| item);
            for value in items {
                element(out, item, |out| write(out, value));
            }
        }
        Value::Object(_) => write(out, value),
        Value::String(text) => match text.strip_prefix(WRITTEN) {
            Some(elements) => out.push_str(elements),
            None => escaped(out, text),
        },
        Value::Null => {}
        other => out.push_str(&other.to_string()),
    }
}

/// `<name>…</name>`.
pub(crate) fn element(out: &mut String, name: &str, inner: impl FnOnce(&mut String)) {
    out.extend(["<", name, ">"]);
    inner(out);
    out.extend(["</", name, ">"]);
}

/// Text, with what XML reserves replaced.
pub(crate) fn escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_have_the_services_own_item_names() {
        let mut out = String::new();
        let tags = json!([{"Key": "a<b", "Value": "&"}]);
        write(
            &mut out,
            &json!({"DBClusters": [{"TagList": tags, "Port": 3306}], "Marker": null}),
        );
        let tag = "<Tag><Key>a&lt;b</Key><Value>&amp;</Value></Tag>";
        assert_eq!(
            out,
            format!(
                "<DBClusters><DBCluster><TagList>{tag}</TagList><Port>3306</Port></DBCluster></DBClusters>"
            )
        );
    }
}
