package org.openlockbox.portal.edge;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.server.problem.Problem;

/// The two origins that people meet, and which pages each of them has. The portal's has all but the
/// signing pages; the approve origin has the signing pages and nothing else, so that no page on
/// which somebody signs in can ask for an approver's passkey.
///
/// What writes is taken only from the origin's own pages, with one exception: the portal hands a
/// decision over to the signing page.
public final class Sites {
  /// Where the API is. It is a page of neither origin.
  private static final List<String> API =
      List.of("/v1/", "/gateway/", "/log/", "/epochs/", "/healthz", "/openapi.json");

  private static final String SIGN = "/sign";

  /// Where the portal hands over to.
  private static final Set<String> DOORS =
      Set.of(
          SIGN,
          "/sign/denials",
          "/sign/proposal",
          "/sign/passkey",
          "/sign/founding",
          "/sign/connect",
          "/sign/engineer",
          "/sign/practice",
          "/sign/ticket");

  private static final String ASSETS = "/assets/";
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final String portal;
  private final Optional<ApproveOrigin> approve;

  Sites(Origins origins) {
    this.portal = origin(origins.portal());
    this.approve = origins.approve();
  }

  private static String origin(URI url) {
    boolean plain =
        url.getPort() == -1
            || url.getPort() == (Objects.equals(url.getScheme(), "https") ? 443 : 80);
    return "%s://%s%s".formatted(url.getScheme(), url.getHost(), plain ? "" : ":" + url.getPort());
  }

  /// The portal's own origin, as browsers write it.
  public String portal() {
    return portal;
  }

  public Optional<String> approve() {
    return approve.map(ApproveOrigin::origin).map(Sites::origin);
  }

  /// The relying party of passkeys that sign here; empty where none do.
  public String relyingParty() {
    return approve.map(ApproveOrigin::relyingParty).orElse("");
  }

  /// Where a form of the portal hands over to; empty where no passkey signs.
  public String handTo(String path) {
    return approve().map(origin -> origin + path).orElse("");
  }

  static boolean isApi(HttpServletRequest request) {
    var path = request.getRequestURI();
    return API.stream().anyMatch(path::startsWith);
  }

  /// Whether the browser asked the approve origin.
  boolean isApprove(HttpServletRequest request) {
    return approve
        .map(ApproveOrigin::relyingParty)
        .filter(host -> host.equalsIgnoreCase(request.getServerName()))
        .isPresent();
  }

  /// Lets through what this origin has, and what its pages may send. Who follows the name at the
  /// head of a signing page comes to the portal.
  void check(
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      ErrorPages faults)
      throws IOException, ServletException {
    if (isApprove(request) && request.getRequestURI().equals("/")) {
      response.setStatus(303);
      response.setHeader("Location", portal + "/");
      return;
    }
    var refusal = isApprove(request) ? refusalOnApprove(request) : refusalOnPortal(request);
    if (refusal.isPresent()) {
      faults.write(request, response, refusal.get());
    } else {
      chain.doFilter(request, response);
    }
  }

  private Optional<Problem> refusalOnApprove(HttpServletRequest request) {
    var path = request.getRequestURI();
    if (!isSigning(path) && !path.startsWith(ASSETS)) {
      return Optional.of(Problem.notFound());
    }
    var own = approve().orElseThrow();
    var from = DOORS.contains(path) ? Set.of(own, portal) : Set.of(own);
    boolean mayWrite =
        Optional.ofNullable(request.getHeader("Origin")).filter(from::contains).isPresent()
            && isWholePage(request);
    return reads(request) || mayWrite ? Optional.empty() : Optional.of(crossSite());
  }

  private Optional<Problem> refusalOnPortal(HttpServletRequest request) {
    if (isSigning(request.getRequestURI())) {
      return Optional.of(Problem.notFound());
    }
    return reads(request) || isSameOrigin(request) ? Optional.empty() : Optional.of(crossSite());
  }

  private static boolean isSigning(String path) {
    return path.equals(SIGN) || path.startsWith(SIGN + "/");
  }

  private static boolean reads(HttpServletRequest request) {
    return READING.contains(request.getMethod());
  }

  /// Not in a frame of whatever kind; browsers that do not say so are held by the headers.
  private static boolean isWholePage(HttpServletRequest request) {
    var into = request.getHeader("Sec-Fetch-Dest");
    return into == null || into.equals("document");
  }

  private boolean isSameOrigin(HttpServletRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    return site == null ? portal.equals(request.getHeader("Origin")) : site.equals("same-origin");
  }

  private static Problem crossSite() {
    return Problem.roleCannot("this was not sent from a page of ours");
  }
}
