//! The form of a resource type's ARN.

use std::borrow::Cow;

use crate::call::Place;

/// `arn:${Partition}:rds:${Region}:${Account}:cluster:${DbClusterInstanceName}`.
#[derive(Clone, Debug)]
pub struct ArnForm {
    written: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Partition,
    Region,
    Account,
    Name(String),
}

impl ArnForm {
    /// Reads a form. A `${` without its brace is text.
    pub(super) fn parse(written: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((text, variable)) = rest.split_once("${") {
            let Some((name, after)) = variable.split_once('}') else {
                break;
            };
            parts.push(Part::Text(text.to_owned()));
            parts.push(match name {
                "Partition" => Part::Partition,
                "Region" => Part::Region,
                "Account" => Part::Account,
                other => Part::Name(other.to_owned()),
            });
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Self {
            written: written.to_owned(),
            parts,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The ARN of a resource there, each variable filled by `value`; nothing if one has no value.
    pub(crate) fn fill<'a>(
        &self,
        place: Place<'a>,
        value: impl Fn(&str) -> Option<Cow<'a, str>>,
    ) -> Option<String> {
        let mut arn = String::with_capacity(96);
        for part in &self.parts {
            match part {
                Part::Text(text) => arn.push_str(text),
                Part::Partition => arn.push_str(place.partition),
                Part::Region => arn.push_str(place.region),
                Part::Account => arn.push_str(place.account),
                Part::Name(name) => arn.push_str(&value(name)?),
            }
        }
        Some(arn)
    }

    /// What AWS names when a listing is about every resource: `arn:…:cluster:*`.
    pub(crate) fn every(&self, place: Place<'_>) -> String {
        let every = self.fill(place, |_| Some(Cow::Borrowed("*")));
        every.unwrap_or_default()
    }

    /// The service in it.
    #[must_use]
    pub fn service(&self) -> &str {
        self.written.split(':').nth(2).unwrap_or_default()
    }

    /// What stands after the account and before the first name: `cluster:`.
    #[must_use]
    pub fn kind(&self) -> &str {
        let resource = self.written.splitn(6, ':').nth(5).unwrap_or_default();
        resource.split("${").next().unwrap_or_default()
    }

    /// Whether `arn` is of this form.
    #[must_use]
    pub fn fits(&self, arn: &str) -> bool {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [first, _, service, _, _, resource] = parts[..] else {
            return false;
        };
        let name = resource.strip_prefix(self.kind());
        first == "arn" && service == self.service() && name.is_some_and(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "arn:${Partition}:rds:${Region}:${Account}:cluster:${DbClusterInstanceName}";
    const PLACE: Place<'_> = Place {
        partition: "aws",
        region: "eu-central-1",
        account: "123456789012",
    };

    #[test]
    fn a_form_is_filled_and_recognised() {
        let form = ArnForm::parse(FORM);
        assert_eq!(form.written(), FORM);
        let orders = form.fill(PLACE, |_| Some("orders".into())).unwrap();
        assert_eq!(
            orders,
            "arn:aws:rds:eu-central-1:123456789012:cluster:orders"
        );
        assert!(form.fits(&orders));
        assert_eq!(
            form.every(PLACE),
            "arn:aws:rds:eu-central-1:123456789012:cluster:*"
        );
        assert_eq!(form.fill(PLACE, |_| None), None);
    }

    #[test]
    fn another_types_arn_is_not_of_the_form() {
        let form = ArnForm::parse(FORM);
        for other in [
            "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:orders",
            "arn:aws:sns:eu-central-1:123456789012:cluster:orders",
            "arn:aws:rds:eu-central-1:123456789012:cluster:",
            "orders",
        ] {
            assert!(!form.fits(other), "{other}");
        }
    }
}
