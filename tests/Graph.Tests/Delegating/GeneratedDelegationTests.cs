using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Delegating;

/// <summary>
/// Delegations on generated worlds, broken and whole. What is accepted can be done at once; what is refused with a denial code would have been
/// denied, at some instant of its window, had its tuples been written raw: so says the reference checker, which knows nothing of the rules.
/// </summary>
public sealed class GeneratedDelegationTests(ITestOutputHelper output)
{
    private const int RequestsPerCase = 30;

    [Fact]
    public async Task What_is_accepted_is_permitted_and_what_is_refused_would_be_denied()
    {
        var findings = new Findings();
        var codes = new SortedDictionary<string, int>();
        int accepted = 0;
        foreach (Case one in Cases.Delegation(60).Concat(Cases.Unbroken(60)))
        {
            await using Store store = await Store.WithAsync(one);
            store.SetClock(Windows.Now);
            var requests = new RequestMaker(one, new Random(one.Seed));
            for (int i = 0; i < RequestsPerCase; i++)
            {
                string outcome = await TryAsync(one, store, requests.Next(store.State, i), findings);
                codes[outcome] = codes.GetValueOrDefault(outcome) + 1;
                if (outcome == "accepted") accepted++;
            }
        }
        output.WriteLine(string.Join('\n', codes.Select(code => $"{code.Value,6} {code.Key}")));
        Assert.True(accepted > 100, $"only {accepted} accepted");
        foreach (DenialCode code in (DenialCode[])[
            DenialCode.CustodyBroken, DenialCode.PresenterMismatch, DenialCode.ScopePermission, DenialCode.ScopeResource, DenialCode.Expired,
            DenialCode.Cycle, DenialCode.TtlLimit, DenialCode.RootLacksPermission, DenialCode.RedelegationForbidden])
            Assert.True(codes.GetValueOrDefault(code.ToText()) > 0, $"{code} never came up");
        findings.Conclude(output, atLeast: 500);
    }

    private static async Task<string> TryAsync(Case one, Store store, DelegateRequest request, Findings findings)
    {
        try
        {
            DelegationReceipt receipt = await store.Delegations.DelegateAsync(request);
            store.Learn(receipt.Delegation);
            foreach (Lending lent in request.Lends) ExpectPermitted(one, store, request, lent, receipt, findings);
            return "accepted";
        }
        catch (RejectionException refusal)
        {
            if (DenialCodes.TryParse(refusal.Reason, out _)) ExpectDenied(one, store, request, refusal, findings);
            return refusal.Reason;
        }
    }

    private static void ExpectPermitted(Case one, Store store, DelegateRequest request, Lending lent, DelegationReceipt receipt, Findings findings)
    {
        if (!IsOwn(one.Schema, lent)) return;
        var asked = new Asked(Question(request, lent, receipt.Delegation), receipt.Written.CommittedAt);
        if (one.Expected(store.State, asked) is not { } expected)
        {
            findings.Skip();
            return;
        }
        findings.Count();
        (Verdict verdict, _) = store.Ask(asked);
        findings.Expect(expected.AgreesWith(verdict), "the reference disagrees", () => one.Describe(asked, $"{expected} and {verdict}", store.State.Tuples));
        bool permits = verdict is Verdict.Permitted or Verdict.Denied { Code: DenialCode.ApprovalRequired };
        findings.Expect(permits, "accepted but denied", () => one.Describe(asked, $"accepted {request} but {verdict}", store.State.Tuples));
    }

    private static void ExpectDenied(Case one, Store store, DelegateRequest request, RejectionException refusal, Findings findings)
    {
        State raw = store.State.With(Raw(request, Windows.Now));
        var hop = new ObjectRef(request.Type ?? "grant", request.Id ?? "");
        List<Verdict?> verdicts = [];
        foreach (Lending lent in request.Lends.Where(lent => IsOwn(one.Schema, lent)))
            foreach (Instant at in (Instant[])[Windows.Now, request.Term.ExpiresAt?.Plus(-1) ?? Windows.Now])
                verdicts.Add(one.Expected(raw, new Asked(Question(request, lent, hop), at)));
        if (verdicts.Count < 2 * request.Lends.Length) return;      // something was lent for what is within it
        findings.Count();
        bool denied = verdicts.Any(verdict => verdict is null or Verdict.Denied or Verdict.Rejected);
        findings.Expect(denied, $"refused with {refusal.Reason} but permitted",
            () => one.Describe(new Asked(Question(request, request.Lends[0], hop), Windows.Now), $"{refusal.Message} {string.Join(", ", verdicts)}", raw.Tuples));
    }

    /// <summary>What is named is itself what may be done to.</summary>
    private static bool IsOwn(SchemaModel schema, Lending lent) =>
        !lent.Resource.IsWildcard && schema[lent.Resource.Type].Has(lent.Permission)
        && schema[lent.Resource.Type].Delegable.Any(clause => clause.Opens(schema[lent.Resource.Type], lent.Permission));

    private static CheckQuestion Question(DelegateRequest request, Lending lent, ObjectRef hop) =>
        new(lent.Resource, lent.Permission, new SubjectRef(request.Delegate), new Acting(Delegation: hop));

    /// <summary>The tuples as somebody with the authority right would write them.</summary>
    private static IEnumerable<RelationTuple> Raw(DelegateRequest request, Instant now)
    {
        var hop = new ObjectRef(request.Type ?? "grant", request.Id ?? "");
        var window = new Window(now, request.Term.ExpiresAt ?? Instant.Never);
        yield return new RelationTuple(hop, "delegator", new SubjectRef(request.By.As));
        yield return new RelationTuple(hop, "delegate", new SubjectRef(request.Delegate)) { Window = window };
        if (request.Parent is { } parent) yield return new RelationTuple(hop, "parent", new SubjectRef(parent));
        if (request.Task is { } task) yield return new RelationTuple(hop, "task", new SubjectRef(task));
        foreach (Lending lent in request.Lends) yield return new RelationTuple(hop, lent.Permission, new SubjectRef(lent.Resource)) { Window = window };
    }

    /// <summary>Requests about the hops there are, of which most make some sense.</summary>
    private sealed class RequestMaker(Case one, Random random)
    {
        public DelegateRequest Next(State state, int number)
        {
            RelationTuple[] delegates = [.. state.Tuples.Where(t => t.Relation == "delegate")];
            RelationTuple? parent = random.Chance(0.6) && delegates.Length > 0 ? random.Pick(delegates) : null;
            ObjectRef? task = parent is { } known ? TaskOf(state, known.Resource) : Any("task");
            if (random.Chance(0.1)) task = Any("task");
            string type = random.Chance(0.8) ? "grant" : random.Pick([.. one.Schema.Definitions.Where(d => d.Role == RoleKind.Delegation).Select(d => d.Name)]);
            (ObjectRef delegator, Lending[] lends) = Lend(state, parent);
            return new DelegateRequest
            {
                By = new Deed { As = random.Chance(0.95) ? delegator : Any(random.Pick("user", "service", "agent")) ?? delegator },
                Type = type,
                Id = $"new{number}",
                Delegate = Receiver(state, parent),
                Parent = parent?.Resource ?? (random.Chance(0.05) ? new ObjectRef("grant", "nothing") : null),
                Task = one.Schema[type].Declares("task") ? task : null,
                Term = new Term(ExpiresAt: Windows.Now.Plus(random.Pick(1, 2, 4, 20, 200) * Windows.Minute)),
                Lends = [.. lends.Distinct()],
                Onward = one.Schema[type].Declares("onward") ? [new ObjectRef("agent", Names.Wildcard)] : [],
            };
        }

        /// <summary>Mostly one that somebody answers for and that the hop before names.</summary>
        private ObjectRef Receiver(State state, RelationTuple? parent)
        {
            ObjectRef[] named = [.. state.Tuples.Where(t => t.Resource == parent?.Resource && t.Relation == "onward" && !t.Subject.Object.IsWildcard).Select(t => t.Subject.Object)];
            if (named.Length > 0 && random.Chance(0.5)) return random.Pick(named);
            ObjectRef[] sponsored = [.. state.Tuples.Where(t => t.Relation == "sponsor" && t.Resource.Type == "agent").Select(t => t.Resource)];
            return sponsored.Length > 0 && random.Chance(0.8) ? random.Pick(sponsored) : random.Pick(World.Pool("agent"));
        }

        /// <summary>Who lends what: the delegate of the hop before what that lends, somebody what is theirs.</summary>
        private (ObjectRef Delegator, Lending[] Lends) Lend(State state, RelationTuple? parent)
        {
            RelationTuple[] held = [.. state.Tuples.Where(t => t.Relation is "owner" or "editor" or "viewer" && t.Subject.Object.Type is "user" or "service")];
            RelationTuple? own = held.Length > 0 ? random.Pick(held) : null;
            ObjectRef delegator = parent?.Subject.Object ?? own?.Subject.Object ?? World.Pool("user")[0];
            return (delegator, [.. Enumerable.Range(0, random.Pick(1, 1, 2)).Select(_ => Lend(state, parent, own?.Resource ?? new ObjectRef("document", "d1")))]);
        }

        /// <summary>Mostly what the hop before lends.</summary>
        private Lending Lend(State state, RelationTuple? parent, ObjectRef held)
        {
            RelationTuple[] lent = [.. state.Tuples.Where(t => t.Resource == parent?.Resource && t.Relation is "view" or "edit" or "delete")];
            if (lent.Length > 0 && random.Chance(0.8))
            {
                RelationTuple again = random.Pick(lent);
                return new Lending(again.Relation, again.Subject.Object);
            }
            return new Lending(held.Type == "folder" ? "view" : random.Pick("view", "edit", "delete"), held);
        }

        private static ObjectRef? TaskOf(State state, ObjectRef hop) =>
            state.Tuples.Where(t => t.Resource == hop && t.Relation == "task").Select(t => (ObjectRef?)t.Subject.Object).FirstOrDefault();

        private ObjectRef? Any(string type) => one.Schema.Definitions.Any(d => d.Name == type) ? random.Pick(World.Pool(type)) : null;
    }
}
