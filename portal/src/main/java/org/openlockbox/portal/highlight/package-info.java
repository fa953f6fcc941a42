/// How the text of a statement is shown so that it reads more easily.
@NullMarked
package org.openlockbox.portal.highlight;

import org.jspecify.annotations.NullMarked;
