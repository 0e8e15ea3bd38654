//! The only way to mount a handler.

use axum::{Router, handler::Handler};
use kernel::access::{By, Needs};

use crate::{Agency, App, Case, Caseload, Own, Permission, Public, Service, layer};

/// The first argument of every handler: it says who may call it.
#[diagnostic::on_unimplemented(
    message = "this handler does not say who may call it: `{Self}` is no guard",
    label = "the first argument is no guard",
    note = "make its first argument a `Case<P>`, `Caseload<P>`, `Service<P>`, `Agency<P>`, `Own` or `Public`"
)]
pub trait Guard {
    /// The guard, as `cusp routes` lists it.
    const NAME: &'static str;
    /// What it asks for; `None` where it asks for nothing.
    const NEEDS: Option<Needs>;
}
impl<P: Permission> Guard for Case<P> {
    const NAME: &'static str = "Case";
    const NEEDS: Option<Needs> = Some(P::NEEDS);
}
impl<P: Permission> Guard for Caseload<P> {
    const NAME: &'static str = "Caseload";
    const NEEDS: Option<Needs> = Some(P::NEEDS);
}
impl<P: Permission> Guard for Service<P> {
    const NAME: &'static str = "Service";
    const NEEDS: Option<Needs> = Some(P::NEEDS);
}
impl<P: Permission> Guard for Agency<P> {
    const NAME: &'static str = "Agency";
    const NEEDS: Option<Needs> = Some(P::NEEDS);
}
impl Guard for Own {
    const NAME: &'static str = "Own";
    const NEEDS: Option<Needs> = None;
}
impl Guard for Public {
    const NAME: &'static str = "Public";
    const NEEDS: Option<Needs> = None;
}

/// The arguments of a handler whose first one is a [`Guard`].
#[diagnostic::on_unimplemented(
    message = "this handler does not say who may call it",
    label = "no guard comes first",
    note = "make its first argument a `Case<P>`, `Caseload<P>`, `Service<P>`, `Agency<P>`, `Own` or `Public`"
)]
pub trait Guarded {
    /// The guard.
    const NAME: &'static str;
    /// What it asks for.
    const NEEDS: Option<Needs>;
}

macro_rules! guarded {
    ($(($($argument:ident)*))*) => { $(
        impl<M, G: Guard, $($argument),*> Guarded for (M, G, $($argument,)*) {
            const NAME: &'static str = G::NAME;
            const NEEDS: Option<Needs> = G::NEEDS;
        }
    )* };
}
guarded!(() (A) (A B) (A B C) (A B C D));

/// A mounted handler.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with `{case}` and the like.
    pub path: &'static str,
    /// The guard.
    pub guard: &'static str,
    /// What the guard asks for.
    pub needs: Option<Needs>,
}

impl Route {
    /// The name of the permission, or of the guard that needs none.
    pub fn permission(&self) -> &'static str {
        match self.needs {
            Some(needs) => needs.name,
            None if self.guard == "Own" => "own",
            None => "public",
        }
    }

    /// How the permission is come by.
    pub fn by(&self) -> Option<By> {
        self.needs.map(|needs| needs.by)
    }
}

/// The routes of a capability, and what each needs.
#[derive(Default)]
pub struct Routes {
    list: Vec<Route>,
    router: Router<App>,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers GET at `path`. The handler's first argument says who may.
    #[must_use]
    pub fn get<T: Guarded + 'static, H: Handler<T, App>>(
        self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.mount("GET", path, T::NAME, T::NEEDS, axum::routing::get(handler))
    }

    /// Answers POST at `path`. The handler's first argument says who may.
    #[must_use]
    pub fn post<T: Guarded + 'static, H: Handler<T, App>>(
        self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.mount(
            "POST",
            path,
            T::NAME,
            T::NEEDS,
            axum::routing::post(handler),
        )
    }

    #[expect(clippy::disallowed_methods, reason = "this is the only mount")]
    fn mount(
        mut self,
        method: &'static str,
        path: &'static str,
        guard: &'static str,
        needs: Option<Needs>,
        handler: axum::routing::MethodRouter<App>,
    ) -> Self {
        self.list.push(Route {
            method,
            path,
            guard,
            needs,
        });
        self.router = self.router.route(path, handler);
        self
    }

    /// These routes and those.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.router = self.router.merge(other.router);
        self
    }

    /// What is mounted, in order.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The service: every request passes the layer that knows the session and draws errors.
    pub fn serve(self, app: App) -> Router {
        self.router
            .fallback(absent)
            .layer(axum::middleware::from_fn_with_state(
                app.clone(),
                layer::around,
            ))
            .with_state(app)
    }
}

async fn absent() -> crate::Error {
    crate::Error::NotFound
}
