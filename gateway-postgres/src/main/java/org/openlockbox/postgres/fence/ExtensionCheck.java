package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.InstalledExtension;

/// Whether somebody has decided about each extension of the database. What an extension brings runs
/// inside the server and with its rights, beside whatever the fence says.
final class ExtensionCheck {
  private ExtensionCheck() {}

  static List<Deviation> of(ResourceSpec spec, DatabaseSchema schema) {
    var found = new ArrayList<Deviation>();
    for (InstalledExtension extension : schema.extensions()) {
      boolean listed = spec.extensions().contains(extension.name());
      if (listed && extension.reachesOut()) {
        found.add(accepted(extension));
      } else if (!listed && !extension.harmless()) {
        found.add(unlisted(extension));
      }
    }
    return List.copyOf(found);
  }

  private static Deviation unlisted(InstalledExtension extension) {
    String sentence =
        "The catalogue says nothing about the extension %s, which the database has"
            .formatted(extension.name());
    return Deviation.refuses(
        "extension-unlisted",
        extension.name(),
        sentence + (extension.reachesOut() ? " and which " + extension.reach() + "." : "."),
        "list it in resources.yaml under 'extensions' once somebody has looked at it, or: "
            + drop(extension));
  }

  private static Deviation accepted(InstalledExtension extension) {
    return Deviation.warning(
        "extension-reaches",
        extension.name(),
        "The extension %s %s. resources.yaml accepts it (extensions)."
            .formatted(extension.name(), extension.reach()),
        "where the application does without it: " + drop(extension));
  }

  private static String drop(InstalledExtension extension) {
    return "drop extension " + SqlQuoting.name(extension.name()) + ";";
  }
}
