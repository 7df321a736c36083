package io.atlassmr.examples.bank;

import io.atlassmr.api.CrudState;
import io.atlassmr.typed.Context;
import io.atlassmr.typed.ReadContext;
import io.atlassmr.typed.Table;
import io.atlassmr.typed.TypedApplication;

/**
 * A ledger of accounts. Money comes in when an account is opened, and moves between accounts; it is never made or lost. Transfers
 * between different accounts execute at once.
 */
public final class Bank {

    /** The most that an account holds. */
    static final long MAX_CENTS = 1_000_000_000_000L;

    private static final Table<Account> ACCOUNTS = new Table<>("accounts", Account.class);

    private Bank() {}

    /** What the ledger keeps of an account. */
    record Account(long balanceCents) {}

    /** Opens an account with some money. */
    public record Open(String account, long depositCents) {}

    /** Moves money from one account to another. */
    public record Transfer(String from, String to, long cents) {}

    /** Asks for an account's balance. */
    public record BalanceOf(String account) {}

    /** Asks for all the money there is. */
    public record Total() {}

    /** An account's balance; after a transfer, that of the account the money came from. */
    public record Balance(String account, long balanceCents) {}

    /** All the money there is, and in how many accounts. */
    public record Sum(long cents, int accounts) {}

    /** The application, over entries without any. */
    public static TypedApplication over(CrudState entries) {
        return TypedApplication.over(entries)
                .ordered(Open.class, Bank::open)
                .ordered(Transfer.class, Bank::transfer)
                .unordered(BalanceOf.class, Bank::balanceOf)
                .unordered(Total.class, Bank::total)
                .build();
    }

    private static Balance open(Open request, Context context) {
        requireAmount(request.depositCents());
        if (request.account() == null || request.account().isEmpty()) {
            throw new IllegalArgumentException("an account needs a name");
        }
        if (!context.create(ACCOUNTS, request.account(), new Account(request.depositCents()))) {
            throw new IllegalStateException("account " + request.account() + " exists");
        }
        return new Balance(request.account(), request.depositCents());
    }

    private static Balance transfer(Transfer request, Context context) {
        requireAmount(request.cents());
        Account from = account(request.from(), context);
        Account to = account(request.to(), context);
        if (request.from().equals(request.to())) {
            return new Balance(request.from(), from.balanceCents());
        }
        if (from.balanceCents() < request.cents()) {
            throw new IllegalStateException("account " + request.from() + " has " + from.balanceCents() + " cents");
        }
        requireAmount(to.balanceCents() + request.cents());
        long left = from.balanceCents() - request.cents();
        context.put(ACCOUNTS, request.from(), new Account(left));
        context.put(ACCOUNTS, request.to(), new Account(to.balanceCents() + request.cents()));
        return new Balance(request.from(), left);
    }

    private static Account account(String name, Context context) {
        if (name == null) {
            throw new IllegalArgumentException("a transfer names two accounts");
        }
        return context.read(ACCOUNTS, name).orElseThrow(() -> new IllegalStateException("there is no account " + name));
    }

    private static void requireAmount(long cents) {
        if (cents < 0 || cents > MAX_CENTS) {
            throw new IllegalArgumentException("an amount is 0 to " + MAX_CENTS + " cents, got " + cents);
        }
    }

    private static Balance balanceOf(BalanceOf request, ReadContext context) {
        Account account = context.read(ACCOUNTS, request.account())
                .orElseThrow(() -> new IllegalStateException("there is no account " + request.account()));
        return new Balance(request.account(), account.balanceCents());
    }

    private static Sum total(Total request, ReadContext context) {
        long[] sum = new long[2];
        context.scan(ACCOUNTS, "", row -> {
            sum[0] += row.value().balanceCents();
            sum[1]++;
            return true;
        });
        return new Sum(sum[0], (int) sum[1]);
    }
}
