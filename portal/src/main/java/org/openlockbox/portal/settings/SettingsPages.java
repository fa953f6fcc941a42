package org.openlockbox.portal.settings;

import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Preferences;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.identity.Visits;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Colours, language and time zone of one browser, and the way to every other page on a phone.
/// Colours and language live in a cookie, the zone in the visit. Neither decides anything.
@Controller
public final class SettingsPages {
  private static final String PATH = "/settings";

  private final PortalEdge.Parts parts;
  private final Visits visits;

  public SettingsPages(PortalEdge.Parts parts, Visits visits) {
    this.parts = parts;
    this.visits = visits;
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(Visitor visitor, @RequestParam Optional<String> saved) {
    return page(200, visitor, visitor.zone().getId(), false, saved.isPresent());
  }

  @PostMapping(PATH)
  ResponseEntity<byte[]> save(
      Visitor visitor,
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
    parts.browser().keep(response, Preferences.of(theme, language, !shortcuts.equals("off")));
    return Pages.seeOther(PATH + "?saved");
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
                "browsers", visits.count(visitor.person())));
  }
}
