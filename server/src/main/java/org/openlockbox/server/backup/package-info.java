/// What a backup of the control plane's database has to know of its logs, and how they are checked
/// after a restore.
@NullMarked
package org.openlockbox.server.backup;

import org.jspecify.annotations.NullMarked;
