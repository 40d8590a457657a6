//! A job of each kind.

use proptest::{collection::vec, option, prelude::*, sample::select, strategy::BoxedStrategy};

use crate::policy::tests::*;

fn a_name() -> BoxedStrategy<Name> {
    "[a-zA-Z_$ä `]{1,12}"
        .prop_map(|name| Name::new(&name).unwrap())
        .boxed()
}

pub(super) fn a_span() -> BoxedStrategy<Span> {
    (1_u32..100_000_000).prop_map(Span::seconds).boxed()
}

pub(super) fn a_zone() -> BoxedStrategy<Zone> {
    let names = select(vec![
        "UTC",
        "Europe/Berlin",
        "Asia/Seoul",
        "America/St_Johns",
    ]);
    names.prop_map(|name| Zone::named(name).unwrap()).boxed()
}

fn a_scalar() -> BoxedStrategy<Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        (-10_000_i32..10_000).prop_map(|hundredths| Value::from(f64::from(hundredths) / 100.0)),
    ]
    .boxed()
}

fn an_and() -> BoxedStrategy<And> {
    let one = select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::AtMost,
        Operator::Greater,
        Operator::AtLeast,
    ]);
    let list = vec(a_scalar(), 1..4).prop_map(Value::Array);
    let compared = prop_oneof![
        (one, a_scalar()),
        (select(vec![Operator::In, Operator::NotIn]), list),
        (
            select(vec![Operator::Is, Operator::IsNot]),
            Just(Value::Null)
        ),
    ];
    let and = |(column, (operator, value))| And {
        column,
        operator,
        value,
    };
    (a_name(), compared).prop_map(and).boxed()
}

fn children() -> BoxedStrategy<Vec<Child>> {
    let leaf =
        (a_name(), vec(a_name(), 1..3), any::<bool>()).prop_map(|(table, columns, paired)| Child {
            references: if paired { columns.clone() } else { vec![] },
            table,
            columns,
            children: vec![],
        });
    let nested = leaf.prop_recursive(3, 6, 2, |inner| {
        (a_name(), vec(a_name(), 1..3), vec(inner, 0..3)).prop_map(|(table, columns, children)| {
            Child {
                table,
                columns,
                references: vec![],
                children,
            }
        })
    });
    vec(nested, 0..3).boxed()
}

/// What makes rows go, in a purge that says nothing else.
fn a_condition() -> BoxedStrategy<Rows> {
    let none = Rows {
        table: Name::new("logs").unwrap(),
        column: None,
        older_than: None,
        unit: Unit::Time,
        column_zone: Zone::UTC,
        and: None,
        free: None,
        accept_scan: false,
        children: vec![],
        into: None,
        max_rows: None,
    };
    let units = vec![
        Unit::UnixSeconds,
        Unit::UnixMilliseconds,
        Unit::Snowflake,
        Unit::Tsid,
    ];
    let unit = prop_oneof![
        a_zone().prop_map(|zone| (Unit::Time, zone)),
        select(units).prop_map(|unit| (unit, Zone::UTC)),
    ];
    let aged = none.clone();
    let by_age = (a_name(), a_span(), unit, option::of(an_and()));
    let by_age = by_age.prop_map(move |(column, age, (unit, column_zone), and)| Rows {
        column: Some(column),
        older_than: Some(age),
        unit,
        column_zone,
        and,
        ..aged.clone()
    });
    let free = "[a-z]{1,8} < :now AND [a-z]{1,8}_1 = '[a-z;#]{0,9}'";
    let free = free.prop_map(move |sql| Rows {
        free: Some(sql),
        ..none.clone()
    });
    prop_oneof![by_age, free].boxed()
}

fn rows() -> BoxedStrategy<Rows> {
    let rest = (a_condition(), a_name(), any::<bool>(), option::of(1_u64..));
    rest.prop_map(|(condition, table, accept_scan, max_rows)| Rows {
        table,
        accept_scan,
        max_rows,
        ..condition
    })
    .boxed()
}

fn partitions() -> BoxedStrategy<Partitions> {
    let past = prop_oneof![Just(Past::Drop), a_name().prop_map(Past::ExchangeInto)];
    let all = (a_name(), 1_u32..60, 1_u32..1_000, a_span(), past, 1_u32..);
    all.prop_map(|(table, days, ahead, keep, past, max_drops)| Partitions {
        table,
        every: Span::hours(24 * days),
        ahead,
        keep,
        past,
        max_drops,
    })
    .boxed()
}

fn a_call() -> BoxedStrategy<Call> {
    let argument = prop_oneof![a_scalar(), Just(Value::Null)];
    let all = (a_name(), vec(argument, 0..4), a_budget(), a_loss());
    all.prop_map(|(procedure, arguments, budget, lost)| Call {
        procedure,
        arguments,
        budget,
        lost,
    })
    .boxed()
}

fn a_statement() -> BoxedStrategy<Sql> {
    let sql = "DELETE FROM [a-z]{1,9} WHERE a = '[^\\\\']{0,9}'";
    let all = (sql, a_budget(), a_loss());
    all.prop_map(|(sql, budget, lost)| Sql { sql, budget, lost })
        .boxed()
}

fn a_budget() -> BoxedStrategy<Span> {
    (1_u32..=840).prop_map(Span::seconds).boxed()
}

fn a_loss() -> BoxedStrategy<Lost> {
    select(vec![Lost::Report, Lost::Again]).boxed()
}

/// A job of one kind, with nothing else said.
pub(super) fn a_job() -> BoxedStrategy<Job> {
    let job = || Job {
        purge: None,
        ..parsed(&json!({}))
    };
    let purge = (rows(), children()).prop_map(move |(rows, children)| Job {
        purge: Some(Rows { children, ..rows }),
        ..job()
    });
    let into = "[a-z]{1,9}_old|[a-z]{1,9}x\\.[a-z]{1,9}";
    let archive = (rows(), into).prop_map(move |(rows, into)| Job {
        archive: Some(Rows {
            into: Some(into),
            ..rows
        }),
        ..job()
    });
    let partitions = partitions().prop_map(move |of| Job {
        partitions: Some(of),
        ..job()
    });
    let call = a_call().prop_map(move |of| Job {
        call: Some(of),
        ..job()
    });
    let statement = a_statement().prop_map(move |of| Job {
        statement: Some(of),
        ..job()
    });
    prop_oneof![purge, archive, partitions, call, statement].boxed()
}
