//! Which index is walked: the primary key, or one that leads to far fewer entries.

use super::check::walkable;
use crate::database::{Condition, Estimate, Index, Table};

/// An index is walked instead of the primary key where it leads to less than this part of the
/// table's rows: each of its entries costs a second look-up.
const FAR_FEWER: u64 = 5;

/// What is known of a walk before it is decided on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Known<'a> {
    pub index: &'a Index,
    pub estimate: Estimate,
}

/// The index that is walked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice<'a> {
    pub index: &'a Index,
    /// About how many rows there are to do, where an index tells.
    pub rows: Option<u64>,
    /// Why this one, in words.
    pub why: String,
}

/// The indexes beside the primary key that could be walked: those a place can be kept in, and that
/// begin with a column of the condition. What a free condition is about only the server knows.
pub(super) fn candidates<'a>(table: &'a Table, condition: &Condition) -> Vec<&'a Index> {
    let begins = |index: &Index| {
        let Some(first) = index.columns.first() else {
            return false;
        };
        match condition {
            Condition::Aged { column, and, .. } => {
                first == column || and.as_ref().is_some_and(|and| first == &and.column)
            }
            Condition::Free(_) => true,
        }
    };
    let secondary = table.indexes.iter().filter(|index| !index.is_primary());
    let begins = secondary.filter(|index| begins(index));
    begins.filter(|index| walkable(table, index)).collect()
}

/// The index to walk; `known` has the primary key and all candidates.
pub(super) fn choose<'a>(table: &Table, primary: &'a Index, known: &[Known<'a>]) -> Choice<'a> {
    let helpful = known.iter().filter(|known| !known.estimate.scan);
    let least = helpful.min_by_key(|known| (known.estimate.examined, !known.index.is_primary()));
    let all = table.rows;
    let Some(least) = least else {
        let why = format!(
            "no index leads to the rows, so all of about {} are walked",
            count(all)
        );
        return Choice {
            index: primary,
            rows: None,
            why,
        };
    };
    let (name, examined) = (&least.index.name, least.estimate.examined);
    let of = format!("about {} of {} rows", count(examined), count(all));
    let (index, why) = if least.index.is_primary() {
        (primary, format!("it leads to {of} by itself"))
    } else if examined.saturating_mul(FAR_FEWER) < all {
        (
            least.index,
            format!("it leads to {of}, far fewer than PRIMARY"),
        )
    } else {
        (
            primary,
            format!("{name} would lead to {of}, which are too many to look up one by one"),
        )
    };
    Choice {
        index,
        rows: Some(examined),
        why,
    }
}

/// `1,234,567`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut said = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::super::check::tests::{column, index, logs, name};
    use super::*;
    use crate::database::{Literal, Test};

    fn chosen(primary: Option<u64>, by_age: Option<u64>) -> String {
        let table = logs();
        let estimate = |examined: Option<u64>| Estimate {
            examined: examined.unwrap_or(table.rows),
            scan: examined.is_none(),
        };
        let known = [(0, primary), (1, by_age)].map(|(at, examined)| Known {
            index: &table.indexes[at],
            estimate: estimate(examined),
        });
        let choice = choose(&table, &table.indexes[0], &known);
        format!("{}: {} ({:?})", choice.index.name, choice.why, choice.rows)
    }

    #[test]
    fn the_index_that_leads_to_far_fewer_rows_is_walked() {
        insta::assert_snapshot!(chosen(None, Some(199_999)), @"by_age: it leads to about 199,999 of 1,000,000 rows, far fewer than PRIMARY (Some(199999))");
        insta::assert_snapshot!(chosen(None, Some(200_000)), @"PRIMARY: by_age would lead to about 200,000 of 1,000,000 rows, which are too many to look up one by one (Some(200000))");
        insta::assert_snapshot!(chosen(None, None), @"PRIMARY: no index leads to the rows, so all of about 1,000,000 are walked (None)");
        insta::assert_snapshot!(chosen(Some(10), Some(10)), @"PRIMARY: it leads to about 10 of 1,000,000 rows by itself (Some(10))");
    }

    #[test]
    fn an_index_is_a_candidate_where_it_begins_with_a_column_of_the_condition() {
        let mut table = logs();
        table.columns.push(column("size", "float"));
        table.indexes.extend([
            index("by_state", &["state", "created_at"]),
            index("by_state_size", &["state", "size"]),
            index("id_age", &["id", "created_at"]),
        ]);
        let values = vec![Literal::Text("closed".to_owned())];
        let operator = jobs::policy::Operator::Equal;
        let and = Test {
            column: name("state"),
            operator,
            values,
        };
        let before = Literal::Number(1.into());
        let condition = Condition::Aged {
            column: name("created_at"),
            before,
            and: Some(and),
        };
        let found = candidates(&table, &condition);
        let found: Vec<&str> = found.iter().map(|index| index.name.as_str()).collect();
        assert_eq!(found, ["by_age", "by_state"]);
        let found = candidates(&table, &Condition::Free(Vec::new()));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn large_numbers_are_read_in_threes() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
