package org.openlockbox.portal.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.server.identity.oidc.IssuerSignIns;
import org.openlockbox.server.identity.oidc.SignInRefusal;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/// Where people come back to from their issuer. A link that somebody else made leads nowhere: only
/// the browser that began a sign-in ends it.
@Controller
public final class IssuerPages {
  private final PortalEdge.Parts parts;
  private final IssuerSignIns signIns;

  public IssuerPages(PortalEdge.Parts parts, IssuerSignIns signIns) {
    this.parts = parts;
    this.signIns = signIns;
  }

  @GetMapping("/sign-in/back/{issuer}")
  ResponseEntity<byte[]> back(
      HttpServletRequest request,
      HttpServletResponse response,
      @PathVariable String issuer,
      @RequestParam(defaultValue = "") String state,
      @RequestParam Optional<String> code,
      @RequestParam Optional<String> error,
      @RequestParam Optional<String> iss) {
    var brought = new IssuerSignIns.CallbackParameters(state, code, error, iss);
    var end =
        parts
            .frames()
            .secret(request)
            .map(browser -> signIns.back(issuer, browser, brought))
            .orElseGet(() -> new IssuerSignIns.SignInResult.SignInFailure(SignInRefusal.BROKEN));
    return switch (end) {
      case IssuerSignIns.SignInResult.SignInSuccess(var visit, var next) -> {
        parts.browser().give(response, visit);
        yield Pages.seeOther(next);
      }
      case IssuerSignIns.SignInResult.SignInFailure(var why) -> out(request, why);
    };
  }

  /// To the issuer's own page for signing out.
  @GetMapping("/sign-in/leave/{issuer}")
  ResponseEntity<byte[]> leave(@PathVariable String issuer) {
    return signIns
        .leave(issuer)
        .map(page -> Pages.seeOther(page.toString()))
        .orElseThrow(Problem::notFound);
  }

  private ResponseEntity<byte[]> out(HttpServletRequest request, SignInRefusal why) {
    return parts
        .pages()
        .page(
            why == SignInRefusal.SILENT ? 503 : 403,
            "signin",
            Map.of(
                "frame",
                parts.frames().stranger(request),
                "next",
                "/",
                "typed",
                new SignInPages.AddressTyped("", "signin.issuer." + why.word())));
  }
}
