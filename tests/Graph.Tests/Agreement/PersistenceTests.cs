using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>A decision depends on schema, revision, instant and question, not on when the store was opened or what was written since.</summary>
public sealed class PersistenceTests(ITestOutputHelper output)
{
    private const int CaseCount = 12;

    [Fact]
    public async Task Answers_are_the_same_after_closing_and_reopening_the_store()
    {
        Findings findings = new();
        foreach (Case one in Cases.Delegation(CaseCount).Concat(Cases.DelegationWithCaveats(CaseCount)).Concat(Cases.PlainWithCaveats(CaseCount)))
        {
            using TemporaryDirectory directory = new();
            StorageLocation where = new StorageLocation.Directory(directory.Path);
            (Verdict Verdict, Answer Answer)[] before;
            State state;
            await using (Store first = await Store.WithAsync(one, where))
            {
                before = [.. one.Questions.Select(q => first.Ask(q))];
                state = first.State;
            }
            await using Store second = await Store.OpenAsync(one, state, where);
            foreach ((Asked asked, (Verdict Verdict, Answer Answer) was) in one.Questions.Zip(before))
            {
                (Verdict verdict, Answer answer) = second.Ask(asked);
                findings.Count();
                findings.Expect(verdict.AgreesWith(was.Verdict) && Comparison.Same(answer, was.Answer), "another answer after reopening",
                    () => one.Describe(asked, $"it was {was.Answer} and is {answer}"));
                if (one.Expected(state, asked) is { } expected)
                    findings.Expect(expected.AgreesWith(verdict), "not the reference's answer after reopening",
                        () => one.Describe(asked, $"the reference says {expected}, the reopened store says {verdict}"));
            }
        }
        findings.Conclude(output, atLeast: CaseCount * 100);
    }

    [Fact]
    public async Task Old_revisions_answer_as_they_did()
    {
        Findings findings = new();
        foreach (Case one in Cases.Delegation(45).Concat(Cases.DelegationWithCaveats(45)).Where(c => c.Tuples.Count > 10))
        {
            await using Store store = await Store.OpenAsync(one, new State([]));
            foreach (Past past in await RewriteAsync(one, store))
                foreach (Asked asked in one.Questions.Take(30)) Compare(one, store, asked, past, findings);
        }
        findings.Conclude(output, atLeast: 3_000);
    }

    private sealed record Past(string Token, State State, SchemaModel Schema);

    /// <summary>Transactions that touch and delete at random, first without roles, then, where the rules allow, with them; what each left.</summary>
    private static async Task<List<Past>> RewriteAsync(Case one, Store store)
    {
        Random random = new(one.Seed);
        List<Past> revisions = [];
        RelationTuple[] free = [.. one.Tuples.Where(t => t.Relation != "suspended_by" && one.Schema[t.Resource.Type].Role is not (RoleKind.Delegation or RoleKind.Task))];
        await store.WriteSchemaAsync(one.Schema.WithoutRoles(), one.SchemaTextWithoutRoles);
        await store.WriteAsync(one.Tuples.Take(one.Tuples.Count * 3 / 4).Select(t => new TupleUpdate(UpdateKind.Create, t)));
        for (int i = 0; i < 3; i++) await RewriteSomeAsync(one.Tuples);
        WriteReceipt roles = await store.WriteSchemaAsync(one.Schema, one.SchemaText);
        revisions.Add(new Past(roles.Token, store.State, store.Schema));
        for (int i = 0; i < 4 && free.Length > 0; i++) await RewriteSomeAsync(free);
        return revisions;

        async Task RewriteSomeAsync(IReadOnlyList<RelationTuple> tuples)
        {
            WriteReceipt receipt = await store.WriteAsync(random.Some(tuples, 1, 8).Select(tuple =>
                new TupleUpdate(random.Pick(UpdateKind.Touch, UpdateKind.Touch, UpdateKind.Delete), tuple)));
            revisions.Add(new Past(receipt.Token, store.State, store.Schema));
        }
    }

    private static void Compare(Case one, Store store, Asked asked, Past past, Findings findings)
    {
        if (Cases.Ask(new ReferenceChecker(past.Schema, past.State, one.Limits, asked.At), asked.Question) is not { } expected) return;
        Verdict verdict = store.Ask(asked, consistency: new Consistency.AtExactSnapshot(past.Token)).Verdict;
        findings.Count();
        findings.Expect(expected.AgreesWith(verdict), "an old revision does not answer as the reference does on the old state",
            () => one.Describe(asked, $"the reference says {expected}, the engine says {verdict}, roles: {past.Schema.UsesDelegation}", past.State.Tuples));
    }
}
