package io.atlassmr.client.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterFileTest {

    private static final String VALID = ClusterFile.format(description());

    @Test
    void readsWhatItWrites() {
        assertEquals(description(), ClusterFile.parse(VALID));
    }

    @Test
    void leavesUnknownFieldsAlone() {
        assertEquals(description(), ClusterFile.parse(VALID.replaceFirst("\"epoch\"", "\"newer\": {}, \"epoch\"")));
    }

    @Test
    void takesAPortThatIsAbsentForUnknown() {
        String older = VALID.replaceAll(",\\s*\"gatewayPort\" : 7040", "");
        assertEquals(0, ClusterFile.parse(older).members().getFirst().gatewayPort());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"clusterId\" : \"orders\" | \"clusterId\" : 7          | clusterId: expected a string",
                "\"epoch\" : 3              | \"epoch\" : -3             | epoch: expected a whole number",
                "\"epoch\" : 3              | \"epoch\" : 0              | epoch is at least 1",
                "\"id\" : 2                 | \"id\" : 1                 | two members have the id 1",
                "\"clientPort\" : 7012      | \"clientPort\" : 70000     | members[2].clientPort",
                "\"clientPort\" : 7012      | \"clientPort\" : 0         | members[2].clientPort",
                "\"host\" : \"replica-1\"   | \"host\" : \" \"           | members[1].host is empty",
                "\"publicKey\" : \"02       | \"publicKey\" : \"zz       | members[2].publicKey: expected 64",
                "\"publicKey\" : \"02       | \"publicKey\" : \"01       | has the publicKey of another",
                "\"members\"                | \"people\"                 | members: expected an array",
            })
    void saysWhichFieldIsWrong(String from, String to, String expected) {
        assertTrue(VALID.contains(from), VALID);
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> ClusterFile.parse(VALID.replace(from, to)));
        assertTrue(thrown.getMessage().contains(expected), thrown.getMessage());
    }

    @Test
    void refusesWhatIsNotAnObject() {
        for (String text : List.of("", "[]", "{", "7", VALID + "x")) {
            assertThrows(IllegalArgumentException.class, () -> ClusterFile.parse(text), text);
        }
    }

    private static ClusterDescription description() {
        List<ClusterDescription.Member> members = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            byte[] key = new byte[32];
            key[0] = (byte) id;
            members.add(new ClusterDescription.Member(
                    id, key, "replica-" + id, 7000, 7010 + id, id == 0 ? 0 : 7020, 7030, 7040));
        }
        return new ClusterDescription("orders", 3, members);
    }
}
