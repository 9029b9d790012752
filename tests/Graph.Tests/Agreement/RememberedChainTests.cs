using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>
/// Chains are remembered while nothing that they rest on changes. So here the same few questions are asked over and over, of the newest
/// revision and of older ones, at instants to and fro, while relationships come and go; every answer is what the reference says.
/// </summary>
public sealed class RememberedChainTests(ITestOutputHelper output)
{
    private const int Changes = 24;

    [Fact]
    public async Task A_chain_that_is_remembered_is_judged_as_if_it_were_not()
    {
        Findings findings = new();
        int changed = 0;
        foreach (Case one in Cases.Delegation(60).Concat(Cases.Unbroken(60)))
        {
            await using Store store = await Store.WithAsync(one);
            Story story = new(one, store, findings);
            await story.TellAsync();
            changed += story.Changed;
        }
        output.WriteLine($"{changed} changes");
        Assert.True(changed > 1_000);
        findings.Conclude(output, atLeast: 20_000);
    }

    private sealed class Story(Case one, Store store, Findings findings)
    {
        private readonly Random _random = new(one.Seed);
        private readonly Asked[] _asked = [.. one.Questions.Where(q => !q.Question.Acting.IsNone).Take(8)];
        private readonly List<Instant> _instants = [.. one.Questions.Select(q => q.At).Distinct().Take(6)];
        private readonly List<(string Token, State State)> _past = [(store.At(one.Questions[0].At).Token, store.State)];
        private readonly List<RelationTuple> _gone = [];

        public int Changed { get; private set; }

        public async Task TellAsync()
        {
            for (int i = 0; i < Changes; i++)
            {
                Ask();
                if (await TryChangeAsync()) Changed++;
            }
            Ask();
        }

        private void Ask()
        {
            foreach (Asked asked in _asked)
                for (int i = 0; i < 3; i++)
                    Compare(asked with { At = i == 0 ? asked.At : _random.Pick(_instants) }, _random.Chance(0.2) ? _random.Pick(_past) : _past[^1]);
        }

        private void Compare(Asked asked, (string Token, State State) at)
        {
            if (one.Expected(at.State, asked) is not { } expected)
            {
                findings.Skip();
                return;
            }
            findings.Count();
            Consistency consistency = new Consistency.AtExactSnapshot(at.Token);
            Verdict verdict = store.Ask(asked, consistency: consistency).Verdict;
            findings.Expect(expected.AgreesWith(verdict), "a remembered chain changes the answer",
                () => one.Describe(asked, $"the reference says {expected}, the engine says {verdict}", at.State.Tuples));
        }

        /// <summary>Takes something away, puts it back, or adds a suspension, a revocation, a sponsor or a member; the rules for hops and tasks may refuse.</summary>
        private async Task<bool> TryChangeAsync()
        {
            bool returns = _gone.Count > 0 && _random.Chance(0.4);
            bool goes = !returns && _random.Chance(0.5);
            RelationTuple? tuple = returns ? _random.Pick(_gone) : goes ? _random.Pick([.. store.State.Tuples]) : New();
            if (tuple is not { } one) return false;
            try
            {
                WriteReceipt receipt = await store.WriteAsync([new TupleUpdate(goes ? UpdateKind.Delete : UpdateKind.Touch, one)]);
                _past.Add((receipt.Token, store.State));
            }
            catch (RejectionException)
            {
                return false;
            }
            if (goes) _gone.Add(one);
            return true;
        }

        private RelationTuple? New()
        {
            World world = new(one.Schema, _random);
            for (int attempt = 0; attempt < 20; attempt++)
            {
                ObjectRef resource = world.Any(_random.Pick(one.Schema.Definitions).Name);
                string relation = _random.Pick("suspended_by", "revoked_by", "closed_by", "sponsor", "fleet", "parent", "member");
                ObjectRef subject = world.Any(_random.Pick(one.Schema.Definitions).Name);
                if (world.Put(resource, relation, subject, _random.Pick(WindowWish.Holding, WindowWish.Future, WindowWish.Past))) return world.Tuples.Single();
            }
            return null;
        }
    }
}
