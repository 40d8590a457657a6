//! The names that RDS takes for new things.

use crate::{Call, Refusal, rds::input::required};

/// The longest identifier of a cluster, an instance or a snapshot.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html>
pub(crate) const LONGEST: usize = 63;
/// The longest name of a final snapshot and of a parameter group.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBCluster.html>
pub(crate) const LONGEST_OF_OTHERS: usize = 255;

/// The identifier for something new, in lower case.
pub(crate) fn new(call: &Call, member: &str, longest: usize) -> Result<String, Refusal> {
    let id = required(call, member)?;
    if id.len() > longest {
        return Err(Refusal::invalid(format!(
            "The parameter {member} must contain from 1 to {longest} characters."
        )));
    }
    if well_formed(id) {
        return Ok(id.to_ascii_lowercase());
    }
    Err(Refusal::invalid(format!(
        "The parameter {member} is not a valid identifier. Identifiers must begin with a letter; \
         must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or \
         contain two consecutive hyphens."
    )))
}

fn well_formed(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_alphabetic())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !id.ends_with('-')
        && !id.contains("--")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_begin_with_a_letter_and_have_single_hyphens_inside() {
        for good in ["a", "A1", "a-b-1"] {
            assert!(well_formed(good), "{good}");
        }
        for bad in [
            "", "1a", "-a", "a-", "a--b", "a_b", "a.b", "rds:a", "ä", "a b",
        ] {
            assert!(!well_formed(bad), "{bad}");
        }
    }
}
