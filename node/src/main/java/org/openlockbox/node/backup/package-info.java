/// `lockbox backup` and `lockbox restore`: the control plane's database and the configuration
/// beside it, as one directory that is checked after it was restored.
@NullMarked
package org.openlockbox.node.backup;

import org.jspecify.annotations.NullMarked;
