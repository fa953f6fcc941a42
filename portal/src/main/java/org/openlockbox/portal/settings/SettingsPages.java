package org.openlockbox.portal.settings;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.portal.edge.PageContexts;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Preferences;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.keys.OwnKeys;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Everybody's own page: how pages look in this browser, where they are signed in, their keys, and
/// the way to every other page on a phone. How pages look lives in a cookie, the zone in the visit,
/// the language of mail in the account. Nothing here decides anything.
@Controller
public final class SettingsPages {
  private static final String PATH = "/settings";

  private final PortalEdge.Parts parts;
  private final Store store;
  private final Visits visits;

  public SettingsPages(PortalEdge.Parts parts, Store store, Visits visits) {
    this.parts = parts;
    this.store = store;
    this.visits = visits;
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(Visitor visitor, @RequestParam Optional<String> saved) {
    return page(200, visitor, visitor.zone().getId(), false, saved.isPresent());
  }

  @PostMapping(PATH)
  ResponseEntity<byte[]> save(
      Visitor visitor,
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam(defaultValue = "") String theme,
      @RequestParam(defaultValue = "") String language,
      @RequestParam(defaultValue = "") String zone,
      @RequestParam(defaultValue = "on") String shortcuts) {
    var found = Visits.zone(zone.strip());
    if (found.equals(ZoneOffset.UTC) && !isUtc(zone.strip())) {
      return page(422, visitor, zone, true, false);
    }
    visits.move(visitor.secret(), found);
    var chosen = Preferences.of(theme, language, !shortcuts.equals("off"));
    chosen
        .language()
        .ifPresentOrElse(
            own -> visits.chooses(visitor.person(), own),
            () -> visits.reads(visitor.person(), PageContexts.ofBrowser(request).locale()));
    parts.browser().keep(response, chosen);
    return Pages.seeOther(PATH + "?saved");
  }

  /// Signs out in one other browser.
  @PostMapping(PATH + "/sign-out")
  ResponseEntity<byte[]> signOut(Visitor visitor, @RequestParam(defaultValue = "") String visit) {
    if (!visits.end(visitor.person(), visit)) {
      throw Problem.notFound();
    }
    return parts.done(PATH, "visit.ended");
  }

  private static boolean isUtc(String zone) {
    return ZoneId.of("UTC").getId().equalsIgnoreCase(zone) || zone.equals("Z");
  }

  private ResponseEntity<byte[]> page(
      int status, Visitor visitor, String zone, boolean fault, boolean saved) {
    return parts
        .pages()
        .page(
            status,
            "settings",
            Map.of(
                "frame", visitor.frame(),
                "zone", zone,
                "fault", fault,
                "saved", saved,
                "secret", visitor.secret(),
                "visits", visits.of(visitor.person()),
                "own", OwnKeys.of(visitor, store)));
  }
}
