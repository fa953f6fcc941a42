package org.openlockbox.portal.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.request.RequestPulse;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CsrfToken;

/// Finds out for each call who is there and in which language they read.
public final class PageContexts {
  private static final int LONGEST_HEADER = 200;

  private final Browser browser;
  private final Visits visits;
  private final Store store;
  private final Assets assets;
  private final InstantSource clock;
  private final String program;

  /// @param program what people type to start the command line
  PageContexts(
      Browser browser,
      Visits visits,
      Store store,
      Assets assets,
      InstantSource clock,
      String program) {
    this.program = program;
    this.browser = browser;
    this.visits = visits;
    this.store = store;
    this.assets = assets;
    this.clock = clock;
  }

  public Optional<Secret> secret(HttpServletRequest request) {
    return browser.secret(request);
  }

  /// The person who is signed in here.
  public Optional<Visitor> visitor(HttpServletRequest request) {
    return browser
        .secret(request)
        .flatMap(secret -> visits.find(secret).map(visit -> visitor(request, secret, visit)));
  }

  /// Whether somebody is signed in here; a look that keeps no visit open.
  boolean isSignedIn(HttpServletRequest request) {
    return browser.secret(request).flatMap(visits::look).isPresent();
  }

  /// Who the visitor of a page that is left open is now; empty once the visit is over.
  public Optional<Person> still(Visitor visitor) {
    return visits.look(visitor.secret()).map(Visits.Visit::person);
  }

  private Visitor visitor(HttpServletRequest request, Secret secret, Visits.Visit visit) {
    var words = words(request);
    if (visit.language().isEmpty()) {
      visits.reads(visit.person(), words.locale());
    }
    var frame =
        new PageContext(
            words,
            visit.zone(),
            clock.instant(),
            Optional.of(visit.person()),
            visit.isFounded(),
            formToken(request),
            assets,
            program,
            request.getRequestURI(),
            shell(request, visit.person()));
    return new Visitor(visit.person(), visit.zone(), secret, frame);
  }

  /// The frame of a page that is shown without asking who is there.
  public PageContext stranger(HttpServletRequest request) {
    return new PageContext(
        words(request),
        ZoneOffset.UTC,
        clock.instant(),
        Optional.empty(),
        false,
        formToken(request),
        assets,
        program,
        request.getRequestURI(),
        PageShell.bare(Browser.preferences(request)));
  }

  /// The frame of a page on which this person signs: names stand beside ids as on their own pages,
  /// and nothing else of a visit is there.
  public PageContext signer(HttpServletRequest request, Person person, ZoneId zone) {
    var bare = stranger(request).in(zone);
    var names = PersonNames.of(new People(store.jdbc(), clock), person);
    return bare.naming(names, tenantNames());
  }

  private TenantNames tenantNames() {
    var waiting = new WaitingTenants(store.jdbc(), store.tenants(), clock);
    return new TenantNames(id -> waiting.name(new TenantId(id)), store.tenants()::names);
  }

  private PageShell shell(HttpServletRequest request, Person person) {
    var tenants = tenantNames();
    var organisation = person.tenant().map(TenantId::value).map(tenants::of).orElse("");
    return new PageShell(
        organisation,
        pulse(person),
        Browser.preferences(request),
        PersonNames.of(new People(store.jdbc(), clock), person),
        tenants,
        done(request));
  }

  /// What this page confirms; only a page that is looked at does.
  private static Optional<String> done(HttpServletRequest request) {
    return request.getMethod().equals("GET")
        ? Browser.confirmation(request).map("done."::concat).filter(id -> words(request).knows(id))
        : Optional.empty();
  }

  /// The confirmation has been shown.
  void confirmed(HttpServletResponse response) {
    browser.confirmed(response);
  }

  private RequestPulse pulse(Person person) {
    boolean all = person.tenant().isPresent() || Visibility.seesAll(person.caller());
    var engineer = all ? Optional.<SubjectId>empty() : Optional.of(person.subject());
    return RequestPulse.of(store.jdbc(), person.tenant(), engineer, clock.instant());
  }

  /// What the person who is signed in here would be told now, without this being a call of theirs:
  /// a page that is left open keeps no visit alive.
  public Optional<RequestPulse> pulse(HttpServletRequest request) {
    return browser.secret(request).flatMap(visits::look).map(Visits.Visit::person).map(this::pulse);
  }

  private static String formToken(HttpServletRequest request) {
    return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token
        ? token.getToken()
        : "";
  }

  static Messages words(HttpServletRequest request) {
    return Browser.preferences(request)
        .language()
        .map(Messages::in)
        .orElseGet(() -> ofBrowser(request));
  }

  /// The words of the first language that the browser asks for, whatever was chosen here.
  public static Messages ofBrowser(HttpServletRequest request) {
    return Messages.in(languages(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE)));
  }

  private static List<Locale.LanguageRange> languages(@Nullable String header) {
    if (header == null || header.length() > LONGEST_HEADER) {
      return List.of();
    }
    try {
      return Locale.LanguageRange.parse(header);
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }
}
