package org.openlockbox.portal.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.identity.ClientNetwork;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.identity.SignIns;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.identity.oidc.IssuerSignIns;
import org.openlockbox.server.identity.oidc.Issuers;
import org.openlockbox.server.identity.oidc.OidcIssuer;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Signing in by a one-time code, the way to the issuer of who has one, and signing out. Every way
/// to prove who one is ends in [Visits#begin].
@Controller
public final class SignInPages {
  /// Where the browser may still be known after somebody signed out: nowhere, or at their issuer.
  private static final String HERE = "here";

  private static final String THERE = "there";
  private static final Pattern OWN_PAGE = Pattern.compile("/[A-Za-z0-9/_-]{0,200}");
  private static final String HOME = "/";

  private final PortalEdge.Parts parts;
  private final SignIns signIns;
  private final Issuers issuers;
  private final IssuerSignIns issuerSignIns;
  private final Visits visits;

  public SignInPages(
      PortalEdge.Parts parts,
      SignIns signIns,
      Issuers issuers,
      IssuerSignIns issuerSignIns,
      Visits visits) {
    this.parts = parts;
    this.signIns = signIns;
    this.issuers = issuers;
    this.issuerSignIns = issuerSignIns;
    this.visits = visits;
  }

  @GetMapping("/sign-in")
  ResponseEntity<byte[]> ask(
      HttpServletRequest request,
      @RequestParam(defaultValue = HOME) String next,
      @RequestParam(defaultValue = "") String accepted,
      @RequestParam(defaultValue = "") String out,
      @RequestParam(defaultValue = "") String at) {
    return parts
        .frames()
        .visitor(request)
        .map(_ -> Pages.seeOther(ownPage(next)))
        .orElseGet(
            () -> form(200, request, next, AddressTyped.NOTHING, said(accepted, out), leave(at)));
  }

  private ResponseEntity<byte[]> form(
      int status, HttpServletRequest request, String next, String fault, String typed) {
    return form(status, request, next, new AddressTyped(typed, fault), "", "");
  }

  /// What was typed, and what is wrong with it or was wrong on the way: a message id.
  public record AddressTyped(String address, String fault) {
    static final AddressTyped NOTHING = new AddressTyped("", "");

    public boolean isFaulty() {
      return fault.startsWith("signin.address");
    }
  }

  /// What somebody is told who was sent here.
  private static String said(String accepted, String out) {
    return switch (out) {
      case HERE -> "signin.out";
      case THERE -> "signin.out.there";
      default -> accepted.isEmpty() ? "" : "signin.accepted";
    };
  }

  /// The way out of the issuer of this name as well, if there is such a page.
  private String leave(String issuer) {
    return issuerSignIns.leave(issuer).isPresent() ? "/sign-in/leave/" + issuer : "";
  }

  private ResponseEntity<byte[]> form(
      int status,
      HttpServletRequest request,
      String next,
      AddressTyped typed,
      String said,
      String leave) {
    return parts
        .pages()
        .page(
            status,
            "signin",
            Map.of(
                "frame",
                parts.frames().stranger(request),
                "next",
                ownPage(next),
                "typed",
                typed,
                "said",
                said,
                "leave",
                leave));
  }

  /// To the issuer, if the address is of its domains and no code is asked for; else a code. Always
  /// the same answer, whoever lives at the address.
  @PostMapping("/sign-in")
  ResponseEntity<byte[]> send(
      HttpServletRequest request,
      @RequestParam(defaultValue = "") String address,
      @RequestParam(defaultValue = HOME) String next,
      @RequestParam(defaultValue = "UTC") String zone,
      @RequestParam(defaultValue = "") String code) {
    MailAddress to;
    try {
      to = new MailAddress(address);
    } catch (IllegalArgumentException e) {
      return form(422, request, next, "signin.address.malformed", address);
    }
    var issuer = code.isEmpty() ? issuers.of(to) : Optional.<OidcIssuer>empty();
    if (issuer.isPresent()) {
      return elsewhere(request, issuer.get(), to, next, zone);
    }
    var language = parts.frames().stranger(request).words().locale();
    var asked = new SignIns.SignInStart(secret(request), to, source(request), language);
    return signIns.start(asked)
        ? code(200, request, next, to.value(), "")
        : code(429, request, next, to.value(), "signin.often");
  }

  /// The browser goes on by itself, unless there is a choice.
  private ResponseEntity<byte[]> elsewhere(
      HttpServletRequest request, OidcIssuer issuer, MailAddress to, String next, String zone) {
    var there = issuerSignIns.start(issuer, secret(request), ownPage(next), Visits.zone(zone));
    if (there.isEmpty()) {
      return form(503, request, next, "signin.issuer.silent", to.value());
    }
    var model = new HashMap<String, Object>();
    model.put("frame", parts.frames().stranger(request));
    model.put("there", there.get().toString());
    model.put("host", issuer.host());
    model.put("codes", issuer.domains().mailedCodes());
    model.put("address", to.value());
    model.put("next", ownPage(next));
    var page = parts.pages().page("elsewhere", model);
    return issuer.domains().mailedCodes()
        ? page
        : ResponseEntity.status(page.getStatusCode())
            .headers(page.getHeaders())
            .header("Refresh", "0;url=" + there.get())
            .body(page.getBody());
  }

  private ResponseEntity<byte[]> code(
      int status, HttpServletRequest request, String next, String address, String fault) {
    return parts
        .pages()
        .page(
            status,
            "code",
            Map.of(
                "frame",
                parts.frames().stranger(request),
                "next",
                ownPage(next),
                "address",
                address,
                "fault",
                fault));
  }

  @PostMapping("/sign-in/code")
  ResponseEntity<byte[]> prove(
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam(defaultValue = "") String code,
      @RequestParam(defaultValue = "") String address,
      @RequestParam(defaultValue = HOME) String next,
      @RequestParam(defaultValue = "UTC") String zone) {
    var people = signIns.prove(secret(request), code);
    if (people.isEmpty()) {
      return code(422, request, next, address, "signin.code.wrong");
    }
    if (people.size() == 1) {
      return begin(response, people.getFirst(), Visits.zone(zone), next);
    }
    return choose(request, people, next, zone);
  }

  private ResponseEntity<byte[]> choose(
      HttpServletRequest request, List<Person> people, String next, String zone) {
    return parts
        .pages()
        .page(
            "choose",
            Map.of(
                "frame",
                parts.frames().stranger(request),
                "people",
                people,
                "next",
                ownPage(next),
                "zone",
                zone));
  }

  @PostMapping("/sign-in/as")
  ResponseEntity<byte[]> chosen(
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam(defaultValue = "0") long person,
      @RequestParam(defaultValue = HOME) String next,
      @RequestParam(defaultValue = "UTC") String zone) {
    var chosen =
        signIns.proved(secret(request)).stream()
            .filter(one -> one.id() == person)
            .findFirst()
            .orElseThrow(Problem::notSignedIn);
    return begin(response, chosen, Visits.zone(zone), next);
  }

  /// The browser gets a secret that nobody has seen before.
  private ResponseEntity<byte[]> begin(
      HttpServletResponse response, Person person, ZoneId zone, String next) {
    parts.browser().give(response, visits.begin(person, zone));
    return Pages.seeOther(ownPage(next));
  }

  @PostMapping("/sign-out")
  ResponseEntity<byte[]> signOut(
      Visitor visitor,
      HttpServletResponse response,
      @RequestParam(defaultValue = "") String everywhere) {
    if (everywhere.isEmpty()) {
      visits.end(visitor.secret());
    } else {
      visits.endAll(visitor.person());
    }
    parts.browser().forget(response);
    var issuer = issuers.of(visitor.person().address());
    return Pages.seeOther(
        "/sign-in?out=" + issuer.map(there -> THERE + "&at=" + there.name()).orElse(HERE));
  }

  private static ClientNetwork source(HttpServletRequest request) {
    return ClientNetwork.of(
        request.getRemoteAddr(), Collections.list(request.getHeaders("X-Forwarded-For")));
  }

  private Secret secret(HttpServletRequest request) {
    return parts.frames().secret(request).orElseThrow(Problem::notSignedIn);
  }

  /// A path of the portal to go on to; the front page for anything else.
  private static String ownPage(String next) {
    return OWN_PAGE.matcher(next).matches() && !next.startsWith("//") ? next : HOME;
  }
}
