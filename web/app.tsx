/** What is shown for an address. */
import type { JSX } from 'preact';
import { Away } from './parts/away.tsx';
import { JobPage } from './pages/job.tsx';
import { JobsPage } from './pages/jobs.tsx';
import { NewJobPage } from './pages/new-job.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { useRoute } from './state/use-route.ts';
import type { Route } from './state/route.ts';
import { SessionContext, useNewSession } from './state/session.ts';
import type { Session } from './state/session.ts';

/** The whole page. */
export function App(): JSX.Element {
  const route = useRoute();
  const { session, problem, signIn } = useNewSession();
  if (session === undefined)
    return <main class="container">{problem ? <Away message={problem} /> : <p aria-busy="true">Loading …</p>}</main>;
  return (
    <SessionContext.Provider value={session}>
      <Header session={session} route={route} />
      <main class="container" id="main">
        {session.isSignedIn ? <Page route={route} /> : <SignInPage session={session} onKey={signIn} />}
      </main>
    </SessionContext.Provider>
  );
}

function Page({ route }: { route: Route }): JSX.Element {
  switch (route.page) {
    case 'job':
      return <JobPage key={route.id} id={route.id} />;
    case 'new':
      return <NewJobPage key={route.from} from={route.from} />;
    case 'jobs':
      return <JobsPage query={route.query} />;
  }
}

function Header({ session, route }: { session: Session; route: Route }): JSX.Element {
  const current = (page: Route['page']) => (route.page === page ? ({ 'aria-current': 'page' } as const) : {});
  return (
    <header class="container">
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to content
      </a>
      <nav aria-label="Main">
        <ul>
          <li>
            <a href="#/" {...current('jobs')}>
              <strong>Batch jobs</strong>
            </a>
          </li>
        </ul>
        <ul>
          {session.isSignedIn && (
            <li>
              <a href="#/new" role="button">
                New job
              </a>
            </li>
          )}
          <li>
            <a href="docs">API</a>
          </li>
          {session.canSignOut && (
            <li>
              <button type="button" class="secondary outline" onClick={session.signOut}>
                Sign out
              </button>
            </li>
          )}
        </ul>
      </nav>
    </header>
  );
}

/** The address is a route: an anchor would change it. */
function focusMain(event: Event): void {
  event.preventDefault();
  const main = document.getElementById('main');
  main?.setAttribute('tabindex', '-1');
  main?.focus();
}
