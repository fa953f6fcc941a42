package org.openlockbox.portal.audit;

import java.util.Map;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.audit.SavedViews;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Keeps a search of the audit log under a name, for the person who made it alone.
@Controller
public final class SavedViewPages {
  private final PortalEdge.Parts parts;
  private final SavedViews saved;
  private final AuditPages audit;

  public SavedViewPages(PortalEdge.Parts parts, SavedViews saved, AuditPages audit) {
    this.parts = parts;
    this.saved = saved;
    this.audit = audit;
  }

  @PostMapping("/audit/views")
  ResponseEntity<byte[]> keep(
      Visitor visitor,
      @RequestParam Map<String, String> fields,
      @RequestParam(defaultValue = "") String name) {
    AuditAccess.tenant(visitor);
    var form = new AuditForm(fields);
    var called = name.strip();
    if (form.fields().isEmpty()) {
      return again(visitor, form, called, "empty");
    }
    if (!isName(called)) {
      return again(visitor, form, called, "name");
    }
    var view = new SavedViews.SavedView(called, form.query());
    return saved.keep(visitor.person().id(), view)
        ? parts.done("/audit" + form.query(), "view.kept")
        : again(visitor, form, called, "full");
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= SavedViews.LONGEST_NAME
        && name.chars().noneMatch(Character::isISOControl);
  }

  private ResponseEntity<byte[]> again(Visitor visitor, AuditForm form, String name, String why) {
    return audit.unsaved(visitor, form, new AuditPages.ViewToSave(name, why));
  }

  @PostMapping("/audit/views/forget")
  ResponseEntity<byte[]> forget(Visitor visitor, @RequestParam(defaultValue = "") String name) {
    AuditAccess.tenant(visitor);
    if (isName(name)) {
      saved.forget(visitor.person().id(), name);
    }
    return parts.done("/audit", "view.forgotten");
  }
}
