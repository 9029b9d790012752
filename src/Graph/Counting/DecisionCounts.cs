using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Counting;

/// <summary>How many decisions one graph made, of which permission, how asked, how answered: the sum of the tallies that count for it.</summary>
internal sealed class DecisionCounts
{
    private const int FewPages = 64;

    private readonly Lock _gate = new();
    private readonly List<TallyPage> _pages = [];
    private readonly Dictionary<DecisionKey, long> _folded = [];    // of tallies that are gone, and of schemas before this one
    private int _pruneAt = FewPages;

    /// <summary>A tally, whose counts stay when it goes.</summary>
    public DecisionTally NewTally()
    {
        var page = new TallyPage { Owner = new WeakReference<DecisionTally?>(null) };
        var tally = new DecisionTally(this, page);
        page.Owner.SetTarget(tally);
        lock (_gate)
        {
            _pages.Add(page);
            if (_pages.Count >= _pruneAt) Prune();
        }
        return tally;
    }

    /// <summary>Begins to count under another schema. Called by the page's owner.</summary>
    public void Turn(TallyPage page, CompiledSchema schema)
    {
        lock (_gate)
        {
            page.AddTo(_folded);
            page.Begin(schema);
        }
    }

    /// <summary>Counts a question that got no answer.</summary>
    /// <param name="reason">One of the reasons of rejections.</param>
    public void Reject(string reason)
    {
        lock (_gate) TallyPage.Add(_folded, new DecisionKey(EnforcementDomain.None, "", "", "", reason), 1);
    }

    /// <summary>All that was counted; what is being decided meanwhile may be in or not.</summary>
    public Dictionary<DecisionKey, long> Totals()
    {
        lock (_gate)
        {
            Dictionary<DecisionKey, long> totals = new(_folded);
            foreach (TallyPage page in _pages) page.AddTo(totals);
            return totals;
        }
    }

    private void Prune()
    {
        _pages.RemoveAll(page =>
        {
            if (page.Owner.TryGetTarget(out _)) return false;
            page.AddTo(_folded);
            return true;
        });
        _pruneAt = _pages.Count * 2 + FewPages;
    }
}
