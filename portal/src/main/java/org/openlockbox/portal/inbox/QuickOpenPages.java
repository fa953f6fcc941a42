package org.openlockbox.portal.inbox;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.portal.edge.NavLink;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Goes to what somebody types: an id, or the name of a page. An id leads to its page, which says
/// itself whether this visitor may see it. Every page has it as a sheet; this is the same without
/// script.
@Controller
public final class QuickOpenPages {
  private static final int LONGEST = 100;
  private static final Pattern REQUEST = Pattern.compile("R-[0-9A-Z]{10}");
  private static final Pattern PROPOSAL = Pattern.compile("P-[0-9A-Z]{10}");
  private static final Pattern ENTRY = Pattern.compile("#[0-9]{1,15}");

  private final PortalEdge.Parts parts;

  public QuickOpenPages(PortalEdge.Parts parts) {
    this.parts = parts;
  }

  /// A place to go to, by its words.
  public record QuickLink(String href, String icon, String words) {}

  @GetMapping("/go")
  ResponseEntity<byte[]> go(Visitor visitor, @RequestParam(name = "q") Optional<String> typed) {
    var frame = visitor.frame();
    var wanted = typed.map(String::strip).filter(text -> text.length() <= LONGEST).orElse("");
    var place = place(frame, wanted);
    if (place.isPresent()) {
      return Pages.seeOther(place.get());
    }
    var found = pages(frame, wanted);
    if (found.size() == 1 && !wanted.isEmpty()) {
      return Pages.seeOther(found.getFirst().href());
    }
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("typed", wanted);
    model.put("found", Stream.concat(found.stream(), searches(frame, wanted).stream()).toList());
    return parts.pages().page("go", model);
  }

  /// The page of an id.
  private static Optional<String> place(PageContext frame, String wanted) {
    var id = wanted.toUpperCase(Locale.ROOT);
    if (REQUEST.matcher(id).matches()) {
      return Optional.of("/requests/" + id);
    }
    if (!isTenants(frame)) {
      return Optional.empty();
    }
    if (PROPOSAL.matcher(id).matches()) {
      return Optional.of("/proposals/" + id);
    }
    return ENTRY.matcher(id).matches()
        ? Optional.of("/audit/entries/" + Long.parseLong(id.substring(1)))
        : Optional.empty();
  }

  private static boolean isTenants(PageContext frame) {
    return frame.isFounded() && frame.person().filter(one -> one.tenant().isPresent()).isPresent();
  }

  /// The pages whose name has this in it.
  private static List<QuickLink> pages(PageContext frame, String wanted) {
    var part = wanted.toLowerCase(frame.words().locale());
    return all(frame).stream()
        .filter(link -> link.words().toLowerCase(frame.words().locale()).contains(part))
        .toList();
  }

  /// For templates: every page of the navigation, and the settings.
  public static List<QuickLink> all(PageContext frame) {
    return Stream.concat(
            frame.links().stream().map(link -> link(frame, link)),
            Stream.of(new QuickLink("/settings", "settings", frame.say("nav.settings"))))
        .toList();
  }

  private static QuickLink link(PageContext frame, NavLink link) {
    return new QuickLink(link.href(), link.icon(), frame.say(link.name()));
  }

  /// Where to look for what is no page.
  private static List<QuickLink> searches(PageContext frame, String wanted) {
    if (wanted.isEmpty() || !isTenants(frame)) {
      return List.of();
    }
    var words = TextRules.quoted(TextRules.visible(wanted));
    var query = URLEncoder.encode(wanted, StandardCharsets.UTF_8);
    return List.of(
        new QuickLink("/audit?text=" + query, "search", frame.say("go.audit", words)),
        new QuickLink("/audit?person=" + query, "users", frame.say("go.person", words)),
        new QuickLink("/audit?value=" + query, "database", frame.say("go.value", words)));
  }
}
