//! The readers that came and went.

use serde_json::{Value, json};

use super::{Check, Night};
use crate::night::past::BILLING;
use crate::night::programme::What;
use crate::night::readers::{self, Event};

/// What changes readers, and nothing else.
const ABOUT_READERS: [&str; 3] = ["CreateDBInstance", "AddTagsToResource", "DeleteDBInstance"];

impl Night<'_> {
    /// The calls that changed readers, or noted something about them, and whether RDS agreed.
    pub(super) fn about_readers(&self) -> Vec<(&str, bool)> {
        let all = self.effects.iter().copied();
        all.filter(|(action, _)| ABOUT_READERS.contains(action))
            .collect()
    }

    /// One comes when the alarm goes off, and goes when it is not needed any more.
    pub(super) fn scaled(&self) -> Check {
        let after = |event: Event| {
            let is = |what: &What| matches!(what, What::Readers(now) if *now == event);
            let told = self.told.iter().find(|told| is(&told.happening.what));
            let told = told.expect("it happens in every night that acts");
            readers::of(&told.after).map(shown).collect::<Vec<_>>()
        };
        let found = [Event::Busy, Event::Comes, Event::Idle, Event::Goes].map(after);
        let old = readers::of(&self.stage.before).map(shown);
        let old: Vec<_> = old.collect();
        let with = |status: &str| {
            let new = json!({"class": "db.r7g.large", "status": status, "managed": "nightshift",
                "team": "billing"});
            [old.clone(), vec![new]].concat()
        };
        let wanted = [
            with("creating"),
            with("available"),
            with("available"),
            old.clone(),
        ];
        let text = format!(
            "{BILLING} got a second reader when its alarm went off at 01:12, of its sibling's class and \
             with its tags, and has one again, the old one, since the load has gone"
        );
        Check::same(text, &found, &wanted)
    }

    pub(super) fn scaled_once(&self) -> Check {
        let [create, note, delete] = ABOUT_READERS;
        let wanted = [create, note, note, note, delete].map(|action| (action, true));
        let text = "for that the functions asked RDS for one creation, a note that it is to go, and one \
                    deletion, with a note on the cluster of either, and for nothing twice";
        Check::same(text, &self.about_readers(), &wanted.to_vec())
    }
}

fn shown(reader: &Value) -> Value {
    json!({
        "class": reader["class"], "status": reader["status"],
        "managed": reader["tags"]["nightshift:managed-by"], "team": reader["tags"]["team"],
    })
}
