//! Outside of any runtime.

use jmap_core::transport::Hyper;

#[cfg(not(feature = "blocking"))]
#[test]
fn needs_a_runtime() {
    insta::assert_snapshot!(
        Hyper::new().unwrap_err(),
        @"no tokio runtime is running here: make the transport inside one, or enable feature `blocking`"
    );
}

#[cfg(feature = "blocking")]
mod with {
    use std::sync::Arc;
    use std::thread;
    use std::time::{Duration, Instant};

    use jmap_core::transport::Transport;
    use jmap_core::{Error, Operation, wait};

    use super::super::{Server, answer, fetch, get, run};
    use super::Hyper;

    /// What a client does, in small.
    fn operation(transport: &Arc<Hyper>, url: String) -> Operation<String> {
        let transport = Arc::clone(transport);
        Operation::new(async move { fetch(&transport, &url).await.map_err(Error::Transport) })
    }

    #[test]
    fn needs_no_runtime() {
        let server = Server::answering(answer("", "Milk"));
        let transport = Arc::new(Hyper::new().unwrap());
        assert_eq!(operation(&transport, server.url("/")).wait().unwrap(), "Milk");
        let start = Instant::now();
        wait(transport.sleep(Duration::from_millis(20)));
        assert!(start.elapsed() >= Duration::from_millis(20));
    }

    #[test]
    fn serves_many_threads() {
        let server = Server::answering(answer("", "Milk"));
        let transport = Arc::new(Hyper::new().unwrap());
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let text = operation(&transport, server.url("/")).wait().unwrap();
                        assert_eq!(text, "Milk");
                    }
                });
            }
        });
        assert!(server.connections() <= 8 * 10);
    }

    #[test]
    fn a_body_outlives_its_transport() {
        let text = "Milk".repeat(1_000_000);
        let server = Server::answering(answer("", &text));
        let transport = Hyper::new().unwrap();
        let body = wait(transport.send(get(&server.url("/")))).unwrap().into_body();
        drop(transport);
        assert_eq!(wait(body.collect(4_000_000)).unwrap(), text);
    }

    #[test]
    fn inside_a_runtime_that_one_is_used_and_missed_when_it_is_gone() {
        let server = Server::answering(answer("", "Milk"));
        let transport = Arc::new(run(async { Hyper::new().unwrap() }));
        let error = operation(&transport, server.url("/")).wait().unwrap_err();
        assert!(!error.is_retryable());
        assert!(error.to_string().starts_with("the runtime gave up: "), "{error}");
        wait(transport.sleep(Duration::from_secs(1000)));
    }

    #[test]
    fn inside_a_runtime_another_executor_can_be_used() {
        let server = Server::answering(answer("", "Milk"));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let transport = Arc::new(runtime.block_on(async { Hyper::new().unwrap() }));
        assert_eq!(operation(&transport, server.url("/")).wait().unwrap(), "Milk");
    }
}
