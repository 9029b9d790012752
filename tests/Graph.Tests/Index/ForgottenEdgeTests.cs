using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>
/// What the side table knows of an edge goes when every readable revision sees it, but not from under a reader who met the edge in a list before.
/// Moments too short to be met from outside, so readers hold words here for as long as it takes.
/// </summary>
public sealed class ForgottenEdgeTests
{
    private const uint Document = 1, Ann = 1, Eve = 2;

    private static readonly Window Later = new(new Instant(5), Instant.Never);

    private readonly GraphIndex _index = new();
    private readonly EdgeStore _edges;

    public ForgottenEdgeTests()
    {
        _edges = _index.Edge("document#viewer@user");
        _index.Names("document").Bind(Document, "d");
        _index.Names("user").Bind(Ann, "ann");
        _index.Names("user").Bind(Eve, "eve");
        _index.BeginReplay(TimeSpan.Zero);       // numbers keep their names
    }

    [Fact]
    public void Who_met_a_new_edge_still_sees_it_once_it_is_quiet_and_its_slot_goes_after_him()
    {
        Put(1, Ann);
        Put(2, Eve);
        using (Hold held = new(this, Ann))
        {
            SweepTo(1);
            held.Expect(1, Window.Always);
        }
        Drain();
        Assert.Equal(1, _edges.Versions.EdgeCount);
    }

    [Fact]
    public void A_slot_that_was_forgotten_twice_stays_for_whoever_came_between()
    {
        Put(1, Ann);
        Put(2, Eve);
        SweepTo(1, drains: false);
        Remove(3, Ann);
        SweepTo(3, drains: false);
        Put(4, Ann);
        Put(5, Eve);
        _index.Memory.Epochs.Advance();
        using (Hold held = new(this, Ann))
        {
            SweepTo(4);
            held.Expect(4, Window.Always);
        }
        Drain();
        Put(6, Ann, Later);
        Drain();
        Assert.True(_edges.TryFind(Document, Ann, 5, out EdgeVersion found) && found.Window == Window.Always);
        Assert.True(_edges.TryFind(Document, Ann, 6, out found) && found.Window == Later);
    }

    [Fact]
    public void An_edge_that_is_written_again_while_its_slot_waits_shows_old_readers_what_it_was()
    {
        Put(1, Ann);
        Put(2, Eve);
        using (Hold held = new(this, Ann))
        {
            SweepTo(1);
            Put(3, Ann, Later);
            Drain();
            held.Expect(1, Window.Always);
            Remove(4, Ann);
            Drain();
            held.Expect(1, Window.Always);
        }
        Drain();
        Assert.True(_edges.TryFind(Document, Ann, 2, out EdgeVersion found) && found.Window == Window.Always);
        Assert.True(_edges.TryFind(Document, Ann, 3, out found) && found.Window == Later);
        Assert.False(_edges.TryFind(Document, Ann, 4, out _));
    }

    [Fact]
    public void An_edge_that_was_deleted_and_is_written_again_while_its_record_waits_keeps_its_new_slot()
    {
        Put(1, Ann);
        Remove(2, Ann);
        using (Hold held = new(this, Ann))
        {
            SweepTo(2);
            held.Expect(2, null);
            Put(3, Ann);
            held.Expect(2, null);
        }
        Drain();
        Put(4, Eve);
        Assert.False(_edges.TryFind(Document, Ann, 2, out _));
        Assert.True(_edges.TryFind(Document, Ann, 3, out _));
        Assert.Equal(2, _edges.Versions.EdgeCount);
    }

    [Fact]
    public void A_new_edge_that_ends_shows_each_revision_what_it_was()
    {
        Put(3, Ann);
        using Hold held = new(this, Ann);
        Remove(5, Ann);
        foreach ((ulong revision, bool isThere) in ((ulong, bool)[])[(2, false), (3, true), (4, true), (5, false)])
        {
            if (revision < 5) held.Expect(revision, isThere ? Window.Always : null);
            Assert.Equal(isThere, _edges.TryFind(Document, Ann, revision, out _));
        }
    }

    private void Put(ulong revision, uint user, Window? window = null) => _edges.Put(revision, Document, user, window ?? Window.Always, 0);

    private void Remove(ulong revision, uint user) => Assert.True(_edges.TryRemove(revision, Document, user));

    private void SweepTo(ulong horizon, bool drains = true)
    {
        var sweep = new Sweep(_index, new Revision(horizon), Instant.Beginning, Instant.Beginning);
        while (!sweep.IsDone) sweep.Run(TimeSpan.Zero);
        if (drains) Drain();
    }

    private void Drain() => _index.Memory.Limbo.Drain();

    /// <summary>A reader who has met an edge in the list of its resource.</summary>
    private sealed class Hold : IDisposable
    {
        private readonly EdgeStore _edges;
        private readonly Epochs.Stay _stay;
        private readonly uint _subject;
        private readonly uint _word;

        public Hold(ForgottenEdgeTests test, uint subject)
        {
            (_edges, _subject, _stay) = (test._edges, subject, test._index.Memory.Epochs.Enter());
            Assert.True(_edges.TryFindWord(Document, subject, out _word));
        }

        public void Expect(ulong revision, Window? window)
        {
            bool isSeen = _edges.See(Document, _subject, _word, revision, out EdgeVersion found);
            Assert.Equal(window, isSeen ? found.Window : null);
        }

        public void Dispose() => _stay.Dispose();
    }
}
