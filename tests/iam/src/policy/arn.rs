//! ARNs in policies: what `Resource` names, and what the ARN operators compare with.

use super::context::Context;
use super::error::{PolicyError, Stop};
use super::pattern::{Pattern, Wildcards};

/// An element of `Resource` or `NotResource`: `*`, or an ARN of six or more segments.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
#[derive(Clone, Debug)]
pub(crate) struct ResourcePattern(Pattern);

impl ResourcePattern {
    pub(crate) fn parse(written: &str, variables: bool) -> Result<Self, PolicyError> {
        if written == "*" {
            return Pattern::parse(written, Wildcards::Anywhere, false).map(Self);
        }
        let segments: Vec<&str> = written.splitn(6, ':').collect();
        let [_, _, service, _, _, _] = segments[..] else {
            return Err(PolicyError::new(
                written,
                "not an ARN of six segments, nor *",
            ));
        };
        if segments[0] != "arn" || service.contains(['*', '?']) {
            let problem = "an ARN begins with arn: and names its service";
            return Err(PolicyError::new(written, problem));
        }
        if variables && segments[..5].iter().any(|segment| segment.contains("${")) {
            let problem = "a policy variable may stand after the fifth colon only";
            return Err(PolicyError::new(written, problem));
        }
        Pattern::parse(written, Wildcards::Arn, variables).map(Self)
    }

    pub(crate) fn written(&self) -> &str {
        self.0.written()
    }

    pub(crate) fn matches(&self, resource: &str, context: &dyn Context) -> Result<bool, Stop> {
        self.0.matches(resource, context)
    }
}

/// A value of `ArnLike` and its like: each of the six components is held against its own.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
#[derive(Clone, Debug)]
pub(crate) struct ArnPattern(Vec<Pattern>);

impl ArnPattern {
    pub(crate) fn parse(written: &str, variables: bool) -> Result<Self, PolicyError> {
        let parse = |part| Pattern::parse(part, Wildcards::Anywhere, variables);
        let parts = components(written).into_iter().map(parse);
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        if parts.len() < 6 {
            return Err(PolicyError::new(written, "not an ARN of six components"));
        }
        Ok(Self(parts))
    }

    pub(crate) fn matches(&self, value: &str, context: &dyn Context) -> Result<bool, Stop> {
        let values: Vec<&str> = value.splitn(6, ':').collect();
        if values.len() < 6 {
            return Ok(false);
        }
        for (pattern, value) in self.0.iter().zip(values) {
            if !pattern.matches(value, context)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The six components of an ARN in which a policy variable may have a colon of its own.
fn components(written: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut inside) = (0, false);
    for (at, character) in written.char_indices() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            ':' if !inside && parts.len() < 5 => {
                parts.push(&written[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&written[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Written;

    fn resource(pattern: &str, arn: &str) -> bool {
        let pattern = ResourcePattern::parse(pattern, true).unwrap();
        pattern.matches(arn, &Written::default()).unwrap()
    }

    #[test]
    fn a_star_in_a_resource_stays_in_its_segment_unless_it_ends_it() {
        let snapshot = "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:rds:orders-2026";
        for (pattern, expected) in [
            ("*", true),
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:*",
                true,
            ),
            ("arn:aws:rds:*:123456789012:cluster-snapshot:*", true),
            ("arn:aws:rds:*:*:cluster-snapshot:rds:orders-????", true),
            // The star ends its segment, so it reaches over the account.
            ("arn:aws:rds:eu-*:cluster-snapshot:*", true),
            // These do not end theirs, and what they would have to match has a colon.
            (
                "arn:aws:rds:eu-central-1:1*012:cluster-snapshot:r*-2026",
                false,
            ),
            ("arn:aws:rds:*-1:cluster-snapshot:*", false),
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:rds?orders*",
                false,
            ),
            ("arn:aws:rds:eu-central-1:123456789012:cluster:*", false),
            (
                "arn:aws:rds:eu-central-1:123456789012:Cluster-snapshot:*",
                false,
            ),
            (
                "arn:aws-cn:rds:eu-central-1:123456789012:cluster-snapshot:*",
                false,
            ),
        ] {
            let matched = resource(pattern, snapshot);
            assert_eq!(matched, expected, "{pattern}");
        }
    }

    #[test]
    fn a_star_takes_slashes_too() {
        // The example of IAM's page on Resource.
        let all = "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*";
        assert!(resource(
            all,
            "arn:aws:s3:::amzn-s3-demo-bucket/1/2/test/3/object.jpg"
        ));
        assert!(resource(
            all,
            "arn:aws:s3:::amzn-s3-demo-bucket/1/test/object.jpg"
        ));
        assert!(!resource(
            all,
            "arn:aws:s3:::amzn-s3-demo-bucket/1-test/object.jpg"
        ));
        assert!(!resource(
            all,
            "arn:aws:s3:::amzn-s3-demo-bucket/test/object.jpg"
        ));
    }

    #[test]
    fn a_resource_that_is_no_whole_arn_is_an_error() {
        for wrong in [
            "arn:aws:rds:*",
            "cluster:*",
            "arn:aws:*:eu-central-1:123456789012:cluster:*",
            "arn:aws:rds:${aws:RequestedRegion}:123456789012:cluster:*",
        ] {
            assert!(ResourcePattern::parse(wrong, true).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_arn_operator_compares_component_by_component() {
        // The example of IAM's page on condition operators.
        let pattern = "arn:aws:someservice:*:111122223333:finance/*";
        let value = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
        let matches = |pattern: &str, value: &str| {
            let pattern = ArnPattern::parse(pattern, true).unwrap();
            pattern.matches(value, &Written::default()).unwrap()
        };
        assert!(!matches(pattern, value));
        assert!(matches(
            pattern,
            "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"
        ));
        assert!(!matches(pattern, "finance"));
    }

    #[test]
    fn the_sixth_component_is_all_the_rest() {
        let pattern = ArnPattern::parse("arn:aws:rds:*:*:cluster-snapshot:a*", true).unwrap();
        for (value, expected) in [
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:a:b",
                true,
            ),
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:b",
                false,
            ),
            ("arn:aws:rds:eu-central-1:123456789012", false),
        ] {
            let matched = pattern.matches(value, &Written::default());
            assert_eq!(matched, Ok(expected), "{value}");
        }
        let all = ArnPattern::parse("arn:*:*:*:*:*", true).unwrap();
        assert_eq!(all.matches("arn:aws:rds", &Written::default()), Ok(false));
    }

    #[test]
    fn a_variable_in_an_arn_may_have_a_colon() {
        let pattern = ArnPattern::parse("arn:aws:sns:*:${aws:PrincipalAccount}:a", true).unwrap();
        let context = Written::default().one("aws:PrincipalAccount", "123456789012");
        let matched = pattern.matches("arn:aws:sns:eu-central-1:123456789012:a", &context);
        assert_eq!(matched, Ok(true));
    }
}
