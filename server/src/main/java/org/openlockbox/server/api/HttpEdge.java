package org.openlockbox.server.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.openlockbox.server.identity.oidc.Bearers;
import org.openlockbox.server.metrics.ServerMeters;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.problem.RepeatedFailure;
import org.openlockbox.server.trace.ServerTraces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// The HTTP edge, the only place that knows Spring: who may come in at all, and how a call reaches
/// its handler. Only bearer tokens are accepted, no cookies, so there is nothing to forge across
/// sites. Only what is named here is switched on.
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
@EnableWebSecurity
@ImportAutoConfiguration({
  TomcatServletWebServerAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  SecurityFilterAutoConfiguration.class
})
@Import(ProblemReplies.class)
public final class HttpEdge implements WebMvcConfigurer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);

  private final RepeatedFailure outage = new RepeatedFailure(LOG);
  private final ServerMeters meters;
  private final ServerTraces traces;

  public HttpEdge(ServerMeters meters, ServerTraces traces) {
    this.meters = meters;
    this.traces = traces;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new CallMeter(meters));
    registry.addInterceptor(new CallTracer(traces));
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new CallArguments());
  }

  @Bean
  OpaqueTokenIntrospector introspector(Bearers bearers) {
    return token ->
        bearers
            .caller(token)
            .map(Principal::new)
            .orElseThrow(() -> new BadOpaqueTokenException("unknown token"));
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http) {
    return http.addFilterBefore(this::findingOutages, BearerTokenAuthenticationFilter.class)
        .csrf(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .authorizeHttpRequests(
            calls ->
                calls
                    .requestMatchers("/healthz", "/openapi.json", "/epochs/**", "/v1/sign-in/**")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .oauth2ResourceServer(
            server ->
                server
                    .opaqueToken(opaque -> {})
                    .authenticationEntryPoint((request, response, e) -> unauthenticated(response)))
        .build();
  }

  /// While the database is away nobody knows whose token it is: that is an outage, no answer about
  /// the token.
  private void findingOutages(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (DataAccessResourceFailureException | TransientDataAccessException e) {
      outage.tell("no token can be looked up", e);
      send(Problem.unavailable(), (HttpServletResponse) response);
    }
  }

  private static void unauthenticated(HttpServletResponse response) throws IOException {
    response.setHeader("WWW-Authenticate", "Bearer");
    send(Problem.notSignedIn(), response);
  }

  private static void send(Problem problem, HttpServletResponse response) throws IOException {
    response.setStatus(problem.status());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.getOutputStream().write(ProblemReplies.bytes(problem));
  }
}
