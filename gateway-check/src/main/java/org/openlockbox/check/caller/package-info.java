/// Who may ask, and how a caller proves who it is.
@NullMarked
package org.openlockbox.check.caller;

import org.jspecify.annotations.NullMarked;
