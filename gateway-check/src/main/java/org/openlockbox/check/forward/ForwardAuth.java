package org.openlockbox.check.forward;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.openlockbox.check.caller.CheckCaller.CallerKind;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.check.resource.CheckResource;
import org.openlockbox.check.session.AccessCheck;
import org.openlockbox.check.session.CheckOrigin;
import org.openlockbox.check.session.CheckVerdict;
import org.openlockbox.check.session.CheckVerdict.DenialKind;
import org.openlockbox.gateway.login.BearerToken;

/// Answers proxies that ask before they forward a request: `/forward/<dialect>/<resource>`. The
/// engineer shows the token of `lockbox connect`, which the proxy passes on.
public final class ForwardAuth {
  private static final String PREFIX = "/forward/";

  private final AccessCheck checks;
  private final Supplier<? extends Collection<CheckResource>> resources;

  /// @param resources what there is to ask about, as of now
  public ForwardAuth(AccessCheck checks, Supplier<? extends Collection<CheckResource>> resources) {
    this.checks = checks;
    this.resources = resources;
  }

  /// Whether a path is one of these.
  public static boolean hasPath(String path) {
    return path.startsWith(PREFIX);
  }

  /// The path at which proxies of this dialect ask about this resource.
  public static String path(ProxyDialect dialect, String resource) {
    return PREFIX + dialect.word() + "/" + resource;
  }

  /// Decides about the request that a proxy holds.
  ///
  /// @param target path and query of the proxy's own request
  public CheckVerdict decide(CheckOrigin origin, String target, ProxyRequest asked) {
    String[] parts = target.substring(PREFIX.length()).split("(?=[/?])", 3);
    String resource = parts.length < 2 ? "" : parts[1].substring(1);
    Optional<ProxyDialect> dialect = ProxyDialect.of(parts[0]);
    Optional<CheckResource> known =
        resources.get().stream()
            .filter(each -> each.id().value().equals(resource))
            .filter(each -> origin.caller().asksAs(CallerKind.PROXY, each.id()))
            .findFirst();
    if (dialect.isEmpty() || known.isEmpty()) {
      return denied(DenialKind.FORBIDDEN, "resource", "no resource that this caller may ask about");
    }
    Optional<ProxiedRequest> request = dialect.get().read(asked, parts.length < 3 ? "/" : parts[2]);
    if (request.isEmpty()) {
      return denied(
          DenialKind.FORBIDDEN, "request", "the proxy does not say which request it asks about");
    }
    if (asked.headers().contains(HttpHeader.UPGRADE)) {
      return denied(DenialKind.FORBIDDEN, "upgrade", "what follows an upgrade cannot be checked");
    }
    List<String> shown = asked.headers().getValuesList(HttpHeader.AUTHORIZATION);
    Optional<BearerToken> token =
        shown.size() == 1 ? BearerToken.parse(shown.getFirst()) : Optional.empty();
    if (token.isEmpty()) {
      return denied(
          DenialKind.NOT_SIGNED_IN, "token", "this needs the token of an approved access");
    }
    CheckSpec spec = known.get().spec();
    return checks.ofToken(
        origin, known.get().place(), token.get(), tenant -> request.get().of(spec, tenant));
  }

  private static CheckVerdict denied(DenialKind kind, String code, String detail) {
    return new CheckVerdict.DeniedCheck(
        kind,
        code,
        detail,
        kind == DenialKind.NOT_SIGNED_IN
            ? "Run `lockbox connect R-… curl`, which prints a whole command."
            : "Compare the proxy's configuration with what `lockbox resource proxy` prints.");
  }
}
