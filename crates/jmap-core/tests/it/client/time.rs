//! The time of the loopback: real, unless a test has another one.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use jmap_core::server::{Clock, Dispatcher, Loopback, MemoryBlobs, Service};
use jmap_core::transport::Transport;
use jmap_core::{
    Client, EchoArguments, Error, GetArguments, GetResponse, MethodError, Operation, State,
};

use crate::server::notes::{Jane, Note, Notes, Store};

/// How long the server takes.
const WORK: Duration = Duration::from_millis(60);

/// A server that does its work elsewhere and waits for it.
fn slow() -> Loopback<Jane> {
    let get = |_, _: GetArguments<Note>| async {
        tokio::task::spawn_blocking(|| thread::sleep(WORK)).await.unwrap();
        Ok::<_, MethodError>(GetResponse::new(State::any("0"), []))
    };
    let dispatcher = Dispatcher::new()
        .base("https://example.com")
        .capability::<Notes>(&Default::default())
        .register(get);
    let user = Jane { store: Store::default() };
    Loopback::new(Service::new(dispatcher, MemoryBlobs::new()), user)
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
}

fn get(loopback: Loopback<Jane>, timeout: Duration) -> Result<GetResponse<Note>, Error> {
    let connect = Client::builder("https://example.com").transport(loopback).timeout(timeout);
    run(async { connect.connect().await?.get(GetArguments::<Note>::all()).await })
}

#[test]
fn a_server_may_wait_for_something_real() {
    get(slow(), Duration::from_secs(20)).unwrap();
    // In a time that goes by in no time, requests have all the time that they need.
    get(slow().clock(Clock::impatient()), Duration::from_millis(1)).unwrap();
}

#[test]
fn time_outs_run_out_when_they_are_over() {
    let begun = Instant::now();
    let connect = Client::builder("https://example.com")
        .transport(slow())
        .timeout(WORK / 4)
        .retry(jmap_core::client::Retry::never());
    let result = run(async { connect.connect().await?.get(GetArguments::<Note>::all()).await });
    assert!(matches!(result, Err(Error::TimedOut(_))), "{result:?}");
    assert!(begun.elapsed() >= WORK / 4);
}

#[test]
fn sleeping_takes_time() {
    let begun = Instant::now();
    run(slow().sleep(WORK));
    assert!(begun.elapsed() >= WORK);
    let now = slow().now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    assert!(now > Duration::from_secs(1_700_000_000), "{now:?}");
    // A time that never comes is no thread and no panic.
    let mut never = slow().sleep(Duration::MAX);
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(never.as_mut().poll(&mut task).is_pending());
}

#[test]
fn an_extension_waits_by_the_time_of_its_client() {
    let begun = Instant::now();
    let clock = Clock::impatient();
    run(async {
        let loopback = slow().clock(clock.clone());
        let client =
            Client::builder("https://example.com").transport(loopback).connect().await.unwrap();
        let patiently = |client: Client| {
            Operation::new(async move {
                client.transport().sleep(Duration::from_secs(3600)).await;
                client.call(EchoArguments::default()).await
            })
        };
        patiently(client).await.unwrap();
    });
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(3600));
}
