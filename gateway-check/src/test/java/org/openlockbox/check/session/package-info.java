/// What bounds the work of checks.
@NullMarked
package org.openlockbox.check.session;

import org.jspecify.annotations.NullMarked;
