package io.atlassmr.cli.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.admin.answer.AdminStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryProgressTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        'step':'SEEKING_STATE' | step 1 of 4, state transfer: asks peers for a checkpoint
        'step':'FETCHING_MANIFEST','checkpoint':8,'partsDone':1,'parts':3 | step 1 of 4, state transfer: fetches what checkpoint 8 consists of, 1 of 3 pages
        'step':'FETCHING_STATE','checkpoint':8,'partsDone':2,'parts':10,'bytesDone':1048576,'bytes':5242880,'etaMillis':4200 | step 1 of 4, state transfer: checkpoint 8, 2 of 10 parts, 1.0 of 5.0 MiB, about 4 s left
        'step':'INSTALLING_STATE','checkpoint':8 | step 1 of 4, state transfer: puts checkpoint 8 in place
        'step':'FETCHING_LOG','decisionsDone':12,'decisions':90,'etaMillis':900 | step 2 of 4, log transfer: has decisions up to 12 of 90, about 1 s left
        'step':'EXECUTING','decisionsDone':12,'decisions':90 | step 3 of 4, execution: has executed decisions up to 12 of 90
        'step':'ABSTAINING' | step 4 of 4, protocol state: lost its votes; may vote again after a stable checkpoint at or above 74, the newest is 10; and in view 5, this is view 4
        """)
    void isALineForAPerson(String fields, String line) {
        AdminStatus status = StatusSamples.status(
                "'abstains':true,'abstainsUntil':74,'abstainsUntilView':5,'view':4,'stableCheckpoint':10,'recovery':{"
                        + fields + "}");
        assertEquals(line, status.recovery().describe(status));
    }

    @Test
    void aReplicaThatHasItsCheckpointWaitsForTheViewAlone() {
        AdminStatus status = StatusSamples.status("'abstains':true,'abstainsUntil':74,'abstainsUntilView':5,'view':4,"
                + "'stableCheckpoint':80,'recovery':{'step':'ABSTAINING'}");
        assertEquals(
                "step 4 of 4, protocol state: lost its votes; may vote again in view 5, this is view 4",
                status.recovery().describe(status));
    }

    @Test
    void aReplicaThatDoesNotKnowItsBoundYetSaysWhatItWaitsFor() {
        AdminStatus status = StatusSamples.status("'abstains':true,'recovery':{'step':'ABSTAINING'}");
        assertEquals(
                "step 4 of 4, protocol state: lost its votes; may vote again when a quorum of its peers has told"
                        + " what they remember",
                status.recovery().describe(status));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        'diverged':true                               | DIVERGED
        'ready':false,'recovery':{'step':'ABSTAINING'} | ABSTAINING
        'ready':false,'recovery':{'step':'FETCHING_LOG'} | CATCHING_UP
        'recovery':{'step':'NONE'}                    | READY
        'ready':true                                  | READY
        """)
    void decidesTheStateThatIsShown(String fields, ReplicaView.State state) {
        assertEquals(state, StatusSamples.view(StatusSamples.status(fields)).state());
    }
}
