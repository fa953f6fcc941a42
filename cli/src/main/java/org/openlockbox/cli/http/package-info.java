@NullMarked
package org.openlockbox.cli.http;

import org.jspecify.annotations.NullMarked;
