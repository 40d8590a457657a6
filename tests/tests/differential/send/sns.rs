//! SNS.

use std::collections::HashMap;

use aws_sdk_sns::{Client, types::MessageAttributeValue};

use super::parameter::Parameter;
use crate::step::{Outcome, Step};

/// Makes the call.
pub async fn send(sns: &Client, step: &Step) -> Option<Outcome> {
    call!(sns, step, {
        CreateTopic create_topic { Name set_name, Attributes set_attributes }
        ListTopics list_topics {}
        GetTopicAttributes get_topic_attributes { TopicArn set_topic_arn }
        Subscribe subscribe {
            TopicArn set_topic_arn,
            Protocol set_protocol,
            Endpoint set_endpoint,
            ReturnSubscriptionArn set_return_subscription_arn,
        }
        ListSubscriptionsByTopic list_subscriptions_by_topic { TopicArn set_topic_arn }
        Publish publish {
            TopicArn set_topic_arn,
            Subject set_subject,
            Message set_message,
            MessageStructure set_message_structure,
            MessageAttributes set_message_attributes,
        }
    })
}

impl Parameter for HashMap<String, String> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        Some(step.pairs(name)?.into_iter().collect())
    }
}

impl Parameter for HashMap<String, MessageAttributeValue> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let attribute = |(name, value): (String, String)| {
            let text = MessageAttributeValue::builder().data_type("String");
            (name, text.string_value(value).build().unwrap())
        };
        Some(step.pairs(name)?.into_iter().map(attribute).collect())
    }
}
