package org.openlockbox.portal.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// The portal's edge: which origin has which pages, what browsers are told about them, form tokens,
/// and how a handler gets its [Visitor]. Everything that is no path of the API is a page.
@Configuration(proxyBeanMethods = false)
public final class PortalEdge implements WebMvcConfigurer {
  /// Everything in these pages is ours, and nothing of it is written inline.
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
          + " manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; form-action 'self'";

  private static final String NOTHING =
      "camera=(), geolocation=(), microphone=(), payment=(), usb=(), ";

  private final PageContexts frames;
  private final ErrorPages faults;
  private final Sites sites;
  private final FormTokens formTokens;

  PortalEdge(PageContexts frames, ErrorPages faults, Sites sites, FormTokens formTokens) {
    this.frames = frames;
    this.faults = faults;
    this.sites = sites;
    this.formTokens = formTokens;
  }

  /// The edge and what its pages share.
  ///
  /// @param program what people type to start the command line
  public static Parts parts(
      Origins origins,
      Visits visits,
      Store store,
      InstantSource clock,
      RandomGenerator random,
      String program) {
    var browser = new Browser(origins.portal().getScheme().equals("https"));
    var assets = new Assets();
    var frames = new PageContexts(browser, visits, store, assets, clock, program);
    var pages = new Pages();
    var sites = new Sites(origins);
    var edge =
        new PortalEdge(
            frames, new ErrorPages(frames, pages, sites), sites, new FormTokens(browser, random));
    return new Parts(edge, browser, frames, pages, sites, assets);
  }

  /// What the pages share.
  public record Parts(
      PortalEdge edge,
      Browser browser,
      PageContexts frames,
      Pages pages,
      Sites sites,
      Assets assets) {
    /// On to another page, which confirms what was done: `done.` and this word is the message.
    public ResponseEntity<byte[]> done(String location, String word) {
      var headers = new HttpHeaders();
      headers.setLocation(URI.create(location));
      headers.add(HttpHeaders.SET_COOKIE, browser.confirm(word));
      return new ResponseEntity<>(new byte[0], headers, 303);
    }
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new VisitorArguments(frames));
  }

  @Override
  public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
    resolvers.addFirst(faults);
  }

  /// The approve origin: no cookie, no form token; a handover is both.
  @Bean
  @Order(1)
  SecurityFilterChain approving(HttpSecurity http) {
    var back = " " + sites.portal();
    return common(http.securityMatcher(sites::isApprove), POLICY + back)
        .csrf(AbstractHttpConfigurer::disable)
        .headers(
            headers ->
                headers.permissionsPolicyHeader(
                    policy ->
                        policy.policy(
                            NOTHING
                                + "publickey-credentials-get=(self),"
                                + " publickey-credentials-create=(self)")))
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain portal(HttpSecurity http) {
    var over = sites.approve().map(origin -> " " + origin).orElse("");
    return common(http.securityMatcher(request -> !Sites.isApi(request)), POLICY + over)
        .csrf(csrf -> csrf.csrfTokenRepository(formTokens))
        .exceptionHandling(
            handling ->
                handling.accessDeniedHandler(
                    (request, response, e) ->
                        faults.write(
                            request,
                            response,
                            frames.isSignedIn(request) ? forged() : Problem.notSignedIn())))
        .headers(
            headers ->
                headers.permissionsPolicyHeader(
                    policy ->
                        policy.policy(
                            NOTHING
                                + "publickey-credentials-get=(), publickey-credentials-create=()")))
        .build();
  }

  private static Problem forged() {
    return Problem.roleCannot("the form was too old, or not from a page of ours");
  }

  /// Whether the parameters are texts; the first look at them reads them all.
  private static boolean isReadable(HttpServletRequest request) {
    try {
      request.getParameterMap();
      return true;
    } catch (InvalidParameterException unreadable) {
      return false;
    }
  }

  /// Our pages are in UTF-8, and so is what browsers send from them, without saying so.
  private HttpSecurity common(HttpSecurity http, String policy) {
    return http.addFilterBefore(
            (request, response, chain) -> {
              request.setCharacterEncoding(StandardCharsets.UTF_8);
              var call = (HttpServletRequest) request;
              var answer = (HttpServletResponse) response;
              if (isReadable(call)) {
                sites.check(call, answer, chain, faults);
              } else {
                faults.write(call, answer, Problem.malformed("what was sent cannot be read"));
              }
            },
            CsrfFilter.class)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(content -> content.policyDirectives(policy))
                    .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.STRICT_ORIGIN))
                    .crossOriginOpenerPolicy(
                        opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .crossOriginResourcePolicy(
                        resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN)));
  }
}
