@NullMarked
package org.openlockbox.cli.verb;

import org.jspecify.annotations.NullMarked;
