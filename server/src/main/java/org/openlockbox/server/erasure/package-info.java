/// Taking texts away that a log commits to, for good and on record.
@NullMarked
package org.openlockbox.server.erasure;

import org.jspecify.annotations.NullMarked;
