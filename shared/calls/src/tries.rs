//! What became of the tries of one call. The SDK repeats a call by itself and tells of the last
//! try only; an earlier one may have taken effect with its answer lost on the way.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef},
        },
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Watches the tries of one call: an interceptor of that call, of which the caller keeps a clone.
#[derive(Clone, Debug, Default)]
pub struct Tries(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    sent: AtomicBool,
    unsure: AtomicBool,
}

impl Tries {
    /// Whether a try was sent and got no proper answer, so that it may have taken effect.
    #[must_use]
    pub fn unsure(&self) -> bool {
        self.0.unsure.load(Relaxed)
    }
}

impl Intercept for Tries {
    fn name(&self) -> &'static str {
        "Tries"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.sent.store(true, Relaxed);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let sent = self.0.sent.swap(false, Relaxed);
        let answered = context
            .response()
            .is_some_and(|response| !response.status().is_server_error());
        if sent && !answered {
            self.0.unsure.store(true, Relaxed);
        }
        Ok(())
    }
}
