//! Quotas (RFC 9425) through the dispatcher: they show by what a request uses, and nobody sets them.

use std::collections::BTreeMap;

use jmap_core::capability::{self, Capability, Nothing};
use jmap_core::quota::{ChangesResponse, Quota, QuotaCondition, QuotaProperty, QuotaSortBy};
use jmap_core::server::{Context, Dispatcher, Loopback, MemoryBlobs, Service, User};
use jmap_core::{
    Account, ChangesArguments, GetArguments, GetResponse, Id, Map, Method, MethodError, MethodName,
    QueryArguments, QueryResponse, QueryState, State,
};
use serde_json::Value;

use super::support::answers;

struct Notes;

impl Capability for Notes {
    const URI: &'static str = "https://example.com/jmap/notes";
    type Session = Nothing;
    type Account = Nothing;
}

#[derive(Clone)]
struct Jane;

impl User for Jane {
    fn name(&self) -> &str {
        "jane"
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        let account = Account::own("jane").with::<capability::Quota>(&Nothing::default());
        Map::from([(Id::any("A1"), account)])
    }
}

/// The quotas that a request sees: each with the types whose capability it uses, and none without any.
fn quotas(context: &Context<Jane>) -> Vec<Quota> {
    let all: Vec<Quota> = serde_json::from_str(
        r#"[{"id":"q1","resourceType":"count","used":7,"hardLimit":10,"softLimit":9,"warnLimit":8,"scope":"account",
             "name":"Notes of jane","types":["Note","Quota"]},
            {"id":"q2","resourceType":"octets","used":5,"hardLimit":100,"scope":"global","name":"Notes","types":["Note"]},
            {"id":"q3","resourceType":"octets","used":6,"hardLimit":100,"scope":"domain","name":"All","types":["Quota"]}]"#,
    )
    .unwrap();
    let uri = |name: &str| if name == "Note" { Notes::URI } else { capability::Quota::URI };
    let seen = all.into_iter().map(|mut quota| {
        quota.types.retain(|name| context.uses(uri(name)));
        quota
    });
    seen.filter(|quota| !quota.types.is_empty()).collect()
}

async fn get(
    context: Context<Jane>,
    get: GetArguments<Quota>,
) -> Result<GetResponse<Quota>, MethodError> {
    let wanted = get
        .properties
        .map(|names| names.iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>());
    let chosen = |quota: &Quota| {
        let Some(wanted) = &wanted else { return quota.clone() };
        let mut members: BTreeMap<String, Value> =
            serde_json::from_value(serde_json::to_value(quota).unwrap()).unwrap();
        members.retain(|name, _| name == "id" || wanted.contains(name));
        serde_json::from_value(members.into_iter().collect()).unwrap()
    };
    let all = quotas(&context);
    let ids = get.ids.unwrap_or_else(|| all.iter().filter_map(|quota| quota.id.clone()).collect());
    let mut response = GetResponse::new(State::any("2"), []);
    for id in ids {
        match all.iter().find(|quota| quota.id.as_ref() == Some(&id)) {
            Some(quota) => response.list.objects.push(chosen(quota)),
            None => response.not_found.push(id),
        }
    }
    Ok(response)
}

/// `Quota/changes` with the member that only quotas have.
#[derive(Clone, Debug, Default, PartialEq)]
struct Changes {
    changes: ChangesArguments<Quota>,
}

json_model::members! { Changes: around changes as ChangesArguments<Quota> {} }

impl Method for Changes {
    const NAME: MethodName = MethodName::new("Quota", "changes");
    const USING: &'static [&'static str] = &[capability::Quota::URI];
    const IS_READ_ONLY: bool = true;
    const REQUIRED: &'static [&'static str] = &["sinceState"];
    type Response = ChangesResponse;
}

/// Since state 1 only `used` changed, since state 0 anything.
async fn changes(_: Context<Jane>, call: Changes) -> Result<ChangesResponse, MethodError> {
    let since = call.changes.since_state.unwrap();
    let is_recent = since.as_str() == "1";
    let mut changes = jmap_core::ChangesResponse::new(since, State::any("2"));
    changes.updated = vec![Id::any("q1")];
    Ok(ChangesResponse::new(changes, is_recent.then(|| vec![QuotaProperty::Used])))
}

async fn query(
    context: Context<Jane>,
    query: QueryArguments<Quota>,
) -> Result<QueryResponse<Quota>, MethodError> {
    let mut found = quotas(&context);
    if let Some(filter) = &query.filter {
        found.retain(|quota| {
            filter.matches(&mut |condition: &QuotaCondition| matches(condition, quota))
        });
    }
    for comparator in query.sort.iter().rev() {
        match comparator.property {
            Some(QuotaSortBy::Used) => found.sort_by_key(|quota| quota.used),
            _ => found.sort_by_key(|quota| quota.name.clone()),
        }
    }
    let ids = found.into_iter().filter_map(|quota| quota.id);
    Ok(QueryResponse::new(QueryState::any("2"), 0, ids))
}

fn matches(condition: &QuotaCondition, quota: &Quota) -> bool {
    let name = quota.name.as_deref().unwrap_or_default();
    condition.name.as_deref().is_none_or(|part| name.contains(part))
        && (condition.scope.is_none() || condition.scope == quota.scope)
        && (condition.resource_type.is_none() || condition.resource_type == quota.resource_type)
        && condition.data_type.as_ref().is_none_or(|data_type| quota.types.contains(data_type))
}

fn calls(using: &[&str], calls: &str) -> String {
    let dispatcher = Dispatcher::new()
        .capability::<capability::Quota>(&Nothing::default())
        .capability::<Notes>(&Nothing::default())
        .register(get)
        .register(changes)
        .register(query);
    let loopback = Loopback::new(Service::new(dispatcher, MemoryBlobs::new()), Jane);
    answers(&loopback, using, calls)
}

const BOTH: [&str; 2] = [capability::Quota::URI, Notes::URI];

/// RFC 8620, section 3.3: what is not in `using` is as if it were not there.
#[test]
fn rfc_9425_4_1_types_are_those_that_the_request_uses() {
    let get = r#"["Quota/get",{"accountId":"A1","ids":null},"a"]"#;
    insta::assert_snapshot!(calls(&BOTH, get), @r#"["Quota/get",{"accountId":"A1","list":[{"hardLimit":10,"id":"q1","name":"Notes of jane","resourceType":"count","scope":"account","softLimit":9,"types":["Note","Quota"],"used":7,"warnLimit":8},{"hardLimit":100,"id":"q2","name":"Notes","resourceType":"octets","scope":"global","types":["Note"],"used":5},{"hardLimit":100,"id":"q3","name":"All","resourceType":"octets","scope":"domain","types":["Quota"],"used":6}],"notFound":[],"state":"2"},"a"]"#);
    insta::assert_snapshot!(calls(&BOTH[..1], get), @r#"["Quota/get",{"accountId":"A1","list":[{"hardLimit":10,"id":"q1","name":"Notes of jane","resourceType":"count","scope":"account","softLimit":9,"types":["Quota"],"used":7,"warnLimit":8},{"hardLimit":100,"id":"q3","name":"All","resourceType":"octets","scope":"domain","types":["Quota"],"used":6}],"notFound":[],"state":"2"},"a"]"#);
    insta::assert_snapshot!(calls(&BOTH[1..], get), @r#"["error",{"type":"unknownMethod"},"a"]"#);
}

#[test]
fn rfc_9425_4_3_only_what_changed_is_fetched() {
    let changes_and_get = |since: &str| {
        calls(
            &BOTH,
            &format!(
                r##"["Quota/changes",{{"accountId":"A1","sinceState":"{since}"}},"a"],
               ["Quota/get",{{"accountId":"A1","#ids":{{"resultOf":"a","name":"Quota/changes","path":"/updated"}},
                  "#properties":{{"resultOf":"a","name":"Quota/changes","path":"/updatedProperties"}}}},"b"]"##
            ),
        )
    };
    insta::assert_snapshot!(changes_and_get("1"), @r#"
    ["Quota/changes",{"accountId":"A1","created":[],"destroyed":[],"hasMoreChanges":false,"newState":"2","oldState":"1","updated":["q1"],"updatedProperties":["used"]},"a"]
    ["Quota/get",{"accountId":"A1","list":[{"id":"q1","used":7}],"notFound":[],"state":"2"},"b"]
    "#);
    // null is all of them.
    insta::assert_snapshot!(changes_and_get("0"), @r#"
    ["Quota/changes",{"accountId":"A1","created":[],"destroyed":[],"hasMoreChanges":false,"newState":"2","oldState":"0","updated":["q1"],"updatedProperties":null},"a"]
    ["Quota/get",{"accountId":"A1","list":[{"hardLimit":10,"id":"q1","name":"Notes of jane","resourceType":"count","scope":"account","softLimit":9,"types":["Note","Quota"],"used":7,"warnLimit":8}],"notFound":[],"state":"2"},"b"]
    "#);
}

#[test]
fn rfc_9425_4_4_filters_and_order() {
    insta::assert_snapshot!(calls(
        &BOTH,
        r#"["Quota/query",{"accountId":"A1","filter":{"name":"Notes"},"sort":[{"property":"used"}]},"a"],
           ["Quota/query",{"accountId":"A1","sort":[{"property":"name"}]},"b"],
           ["Quota/query",{"accountId":"A1","filter":{"scope":"domain"}},"c"],
           ["Quota/query",{"accountId":"A1","filter":{"resourceType":"octets","type":"Note"}},"d"]"#,
    ), @r#"
    ["Quota/query",{"accountId":"A1","canCalculateChanges":false,"ids":["q2","q1"],"position":0,"queryState":"2"},"a"]
    ["Quota/query",{"accountId":"A1","canCalculateChanges":false,"ids":["q3","q2","q1"],"position":0,"queryState":"2"},"b"]
    ["Quota/query",{"accountId":"A1","canCalculateChanges":false,"ids":["q3"],"position":0,"queryState":"2"},"c"]
    ["Quota/query",{"accountId":"A1","canCalculateChanges":false,"ids":["q2"],"position":0,"queryState":"2"},"d"]
    "#);
}

#[test]
fn rfc_9425_4_nobody_sets_quotas() {
    insta::assert_snapshot!(calls(
        &BOTH,
        r#"["Quota/set",{"accountId":"A1","update":{"q1":{"hardLimit":99}}},"a"],
           ["Quota/copy",{"accountId":"A1","fromAccountId":"A2","create":{}},"b"]"#,
    ), @r#"
    ["error",{"type":"unknownMethod"},"a"]
    ["error",{"type":"unknownMethod"},"b"]
    "#);
}
