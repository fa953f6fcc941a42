package org.openlockbox.server.notify.message;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/// A [RenderedMail] as HTML, by a template that is compiled with the product and escapes each value
/// by where it stands: one calm column that needs no style sheet, no picture and nothing from
/// elsewhere.
public final class MailHtml {
  private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

  public String of(RenderedMail mail) {
    var html = new StringOutput();
    engine.render("mail.jte", mail, html);
    return html.toString();
  }
}
