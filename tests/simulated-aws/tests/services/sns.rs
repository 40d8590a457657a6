//! Topics, subscriptions, messages.

use aws_sdk_sns::{
    Client,
    error::SdkError,
    operation::publish::{PublishError, builders::PublishFluentBuilder},
    primitives::Blob,
    types::MessageAttributeValue,
};
use simulated_aws::{Effect, sns::Message};

use crate::harness::World;

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";

fn inbox() -> (World, Client) {
    let world = World::plain();
    let arn = world.aws.with(|account, _| {
        let place = account.place.clone();
        account.sns.add_topic(&place, "inbox")
    });
    assert_eq!(arn, TOPIC);
    let client = Client::new(&world.sdk);
    (world, client)
}

fn attribute(kind: &str, value: &str) -> MessageAttributeValue {
    let attribute = MessageAttributeValue::builder().data_type(kind);
    let attribute = attribute.set_string_value((!value.is_empty()).then(|| value.to_owned()));
    attribute.build().unwrap()
}

/// The error's own name, its code and its status.
async fn refused(publish: PublishFluentBuilder) -> (PublishError, String, u16) {
    let error = publish.send().await.unwrap_err();
    let SdkError::ServiceError(context) = error else {
        panic!("{error:?}");
    };
    let status = context.raw().status().as_u16();
    let code = context.err().meta().code().unwrap().to_owned();
    (context.into_err(), code, status)
}

fn published(world: &World) -> Vec<Message> {
    let messages = world
        .effects()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Published(message) => Some(message),
            _ => None,
        });
    messages.collect()
}

#[tokio::test(start_paused = true)]
async fn a_message_arrives_with_a_body_for_each_protocol_and_its_attributes() {
    let (world, sns) = inbox();
    let bodies = r#"{"default": "d<&>ü", "email": "e\n", "unknown": 1, "sms": ""}"#;
    let publish = sns.publish().topic_arn(TOPIC).subject("A & B: done");
    let publish = publish.message(bodies).message_structure("json");
    let publish = publish.message_attributes("function", attribute("String", "take-snapshot"));
    let publish = publish.message_attributes("count", attribute("Number", "2"));
    let binary = MessageAttributeValue::builder().data_type("Binary");
    let binary = binary.binary_value(Blob::new("abc")).build().unwrap();
    let answer = publish
        .message_attributes("raw", binary)
        .send()
        .await
        .unwrap();

    let [message] = published(&world).try_into().unwrap();
    assert_eq!(answer.message_id(), Some(message.id.as_str()));
    assert_eq!(message.topic, TOPIC);
    assert_eq!(message.subject.as_deref(), Some("A & B: done"));
    let bodies: Vec<_> = message
        .bodies
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    assert_eq!(bodies, ["default=d<&>ü", "email=e\n", "sms="]);
    let attributes: Vec<_> = message.attributes.iter().collect();
    assert_eq!(attributes.len(), 3);
    assert_eq!(message.attributes["function"], "take-snapshot");
    assert_eq!(message.attributes["raw"], "YWJj");
}

#[tokio::test(start_paused = true)]
async fn without_a_structure_every_protocol_gets_the_same_body() {
    let (world, sns) = inbox();
    let publish = sns.publish().topic_arn(TOPIC).message("{not json");
    publish.send().await.unwrap();
    let [message] = published(&world).try_into().unwrap();
    assert_eq!(message.bodies["default"], "{not json");
    assert_eq!(message.subject, None);
}

#[tokio::test(start_paused = true)]
async fn a_topic_that_is_not_there_is_not_found() {
    let (world, sns) = inbox();
    let gone = "arn:aws:sns:eu-central-1:123456789012:outbox";
    let (error, code, status) = refused(sns.publish().topic_arn(gone).message("m")).await;
    assert!(error.is_not_found_exception(), "{error:?}");
    assert_eq!((code.as_str(), status), ("NotFound", 404));
    for topic in ["inbox", "arn:aws:sns:us-east-1:123456789012:inbox"] {
        let (error, code, status) = refused(sns.publish().topic_arn(topic).message("m")).await;
        assert!(error.is_invalid_parameter_exception(), "{error:?}");
        assert_eq!((code.as_str(), status), ("InvalidParameter", 400));
    }
    assert_eq!(published(&world), []);
}

#[tokio::test(start_paused = true)]
async fn a_subject_is_at_most_99_printable_characters() {
    let (_, sns) = inbox();
    let publish = |subject: &str| sns.publish().topic_arn(TOPIC).message("m").subject(subject);
    let longest = "s".repeat(99);
    for good in ["1", "[x]", longest.as_str()] {
        publish(good).send().await.unwrap();
    }
    for bad in ["", " s", "a\nb", "a\tb", "ü", "a\u{7f}", &"s".repeat(100)] {
        let (error, _, status) = refused(publish(bad)).await;
        assert!(error.is_invalid_parameter_exception(), "{bad:?}: {error:?}");
        assert_eq!(status, 400);
        assert!(error.to_string().contains("InvalidParameter"));
        assert_eq!(error.meta().message(), Some("Invalid parameter: Subject"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_structured_message_is_an_object_of_texts_with_a_default() {
    let (_, sns) = inbox();
    let bad = [
        "default",
        "[\"default\"]",
        "{\"email\": \"e\"}",
        "{\"default\": 1}",
        "{\"default\": \"d\", \"email\": {}}",
        "{\"default\": \"d\", \"default\": \"d\"}",
        "{\"default\": \"d\"} x",
    ];
    for bad in bad {
        let publish = sns
            .publish()
            .topic_arn(TOPIC)
            .message(bad)
            .message_structure("json");
        let (error, ..) = refused(publish).await;
        assert!(error.is_invalid_parameter_exception(), "{bad}: {error:?}");
    }
    let xml = sns
        .publish()
        .topic_arn(TOPIC)
        .message("m")
        .message_structure("xml");
    assert!(refused(xml).await.0.is_invalid_parameter_exception());
}

#[tokio::test(start_paused = true)]
async fn a_message_has_256_kib_with_its_attributes() {
    let (world, sns) = inbox();
    let publish = |bytes: usize| {
        sns.publish()
            .topic_arn(TOPIC)
            .message("ü".repeat(bytes / 2))
    };
    publish(262_144).send().await.unwrap();
    let (error, ..) = refused(publish(262_146)).await;
    assert_eq!(
        error.meta().message(),
        Some("Invalid parameter: Message too long")
    );

    // Too long whatever its attributes are: they are not looked at.
    let bad = publish(262_146).message_attributes("aws.n", attribute("String", "abc"));
    let (error, ..) = refused(bad).await;
    assert!(error.is_invalid_parameter_exception(), "{error:?}");

    // Name, type and value: 1 + 6 + 3.
    let with = |bytes| publish(bytes).message_attributes("n", attribute("String", "abc"));
    with(262_134).send().await.unwrap();
    refused(with(262_136)).await;
    let (error, ..) = refused(sns.publish().topic_arn(TOPIC).message("")).await;
    assert_eq!(
        error.meta().message(),
        Some("Invalid parameter: Empty message")
    );
    assert_eq!(published(&world).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_attribute_has_a_known_type_and_a_value_of_it() {
    let (_, sns) = inbox();
    let with = |name: &str, value| {
        let publish = sns.publish().topic_arn(TOPIC).message("m");
        publish.message_attributes(name, value)
    };
    let good = attribute("String.Array", "[\"a\", 1, null]");
    with("a.b", good).send().await.unwrap();
    let long = "n".repeat(257);
    let bad = [
        ("empty", attribute("String", "")),
        ("kind", attribute("Text", "t")),
        ("number", attribute("Number", "two")),
        ("array", attribute("String.Array", "a")),
        ("binary", attribute("Binary", "YWJj")),
        ("AWS.x", attribute("String", "v")),
        (".x", attribute("String", "v")),
        ("x y", attribute("String", "v")),
        (long.as_str(), attribute("String", "v")),
    ];
    for (name, value) in bad {
        let (error, code, status) = refused(with(name, value)).await;
        assert!(
            error.is_invalid_parameter_value_exception(),
            "{name}: {error:?}"
        );
        assert_eq!((code.as_str(), status), ("ParameterValueInvalid", 400));
    }
}

#[tokio::test(start_paused = true)]
async fn topics_are_listed_page_by_page() {
    let world = World::with(|whim| whim.largest_page = 2);
    let sns = Client::new(&world.sdk);
    for name in ["b", "a", "c", "a"] {
        sns.create_topic().name(name).send().await.unwrap();
    }
    let first = sns.list_topics().send().await.unwrap();
    assert_eq!(first.topics().len(), 2);
    let token = first.next_token().unwrap();
    let last = sns.list_topics().next_token(token).send().await.unwrap();
    assert_eq!(
        last.topics()[0].topic_arn(),
        Some("arn:aws:sns:eu-central-1:123456789012:c")
    );
    assert_eq!((last.topics().len(), last.next_token()), (1, None));

    let made_up = sns.list_topics().next_token("2").send().await.unwrap_err();
    assert!(
        made_up
            .into_service_error()
            .is_invalid_parameter_exception()
    );
}

#[tokio::test(start_paused = true)]
async fn a_topic_keeps_its_attributes_and_refuses_a_twin_with_others() {
    let world = World::plain();
    let sns = Client::new(&world.sdk);
    let create = |name: &str, value: &str| {
        let create = sns.create_topic().name("inbox");
        create.attributes(name, value).send()
    };
    create("MaximumMessageSize", "1024").await.unwrap();
    create("MaximumMessageSize", "1024").await.unwrap();
    for (name, value) in [
        ("MaximumMessageSize", "2048"),
        ("MaximumMessageSize", "1023"),
        ("FifoTopic", "true"),
    ] {
        let error = create(name, value).await.unwrap_err().into_service_error();
        assert!(error.is_invalid_parameter_exception(), "{name}: {error:?}");
    }
    let shown = sns
        .get_topic_attributes()
        .topic_arn(TOPIC)
        .send()
        .await
        .unwrap();
    let attributes = shown.attributes().unwrap();
    assert_eq!(attributes["MaximumMessageSize"], "1024");
    assert_eq!(attributes["Owner"], "123456789012");
    let long = sns.publish().topic_arn(TOPIC).message("m".repeat(1025));
    refused(long).await;
}

#[tokio::test(start_paused = true)]
async fn an_address_is_subscribed_once_and_pending_until_it_confirms() {
    let (world, sns) = inbox();
    let subscribe = |protocol: &str, endpoint: &str| {
        let subscribe = sns.subscribe().topic_arn(TOPIC).protocol(protocol);
        subscribe.endpoint(endpoint)
    };
    let pending = subscribe("email", "team@example.com").send().await.unwrap();
    assert_eq!(pending.subscription_arn(), Some("pending confirmation"));
    let again = subscribe("email", "team@example.com").return_subscription_arn(true);
    let arn = again.send().await.unwrap().subscription_arn.unwrap();
    assert!(arn.starts_with(&format!("{TOPIC}:")), "{arn}");
    let list = || sns.list_subscriptions_by_topic().topic_arn(TOPIC).send();
    let shown = list().await.unwrap();
    assert_eq!(shown.subscriptions().len(), 1);
    assert_eq!(
        shown.subscriptions()[0].subscription_arn(),
        Some("PendingConfirmation")
    );

    let confirm = |endpoint: &str| {
        world
            .aws
            .with(|account, _| account.sns.confirm(TOPIC, endpoint))
    };
    assert!(confirm("team@example.com") && !confirm("nobody@example.com"));
    let shown = list().await.unwrap();
    assert_eq!(
        shown.subscriptions()[0].subscription_arn(),
        Some(arn.as_str())
    );

    for (protocol, endpoint) in [("email", "team"), ("pigeon", "x"), ("sqs", "queue")] {
        let error = subscribe(protocol, endpoint).send().await.unwrap_err();
        assert!(error.into_service_error().is_invalid_parameter_exception());
    }
}
