using AuthzGraph.Graph.Collections;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// Caveats with the contexts they were written with, and their numbers: dense, from 1; 0 stands for no caveat. Equal texts
/// share a number. A number that no retained edge mentions any more is given out again. One writer; readers take no lock.
/// </summary>
internal sealed class CaveatTable(Limbo limbo, NumberPool pool) : IReusable
{
    private const int Released = -1;

    private readonly SplitDictionary<uint> _numbers = new();
    private readonly PagedReferences<Stored> _caveats = new();

    /// <summary>One caveat as long as it has its number: another object, another caveat.</summary>
    internal sealed class Stored(CaveatRef caveat, string text)
    {
        public CaveatRef Caveat => caveat;
        public string Text => text;
        public int Mentions { get; set; }       // Released: nothing finds it any more, and it waits in limbo
    }

    /// <inheritdoc cref="NameTable.Numbers"/>
    public NumberPool Numbers => pool;

    /// <inheritdoc cref="NumberPool.Last"/>
    public uint Last => pool.Last;

    public CaveatRef this[uint number] => At(number).Caveat;

    /// <summary>What a number stands for.</summary>
    public Stored At(uint number) => _caveats[number] ?? throw new InvariantException("a caveat's number is one that was given out");

    public bool IsBound(uint number) => number != 0 && _caveats[number] is not null;

    /// <summary>Writer only: the number of a caveat, given out now if it has none; it may have been another's.</summary>
    public uint Add(CaveatRef caveat, out bool added, out bool reused)
    {
        uint number = Find(caveat);
        reused = false;
        added = number == 0;
        if (!added) return number;
        number = pool.Take(out reused);
        Bind(number, caveat);
        return number;
    }

    /// <summary>Writer only: a number that stands for nothing stands for a caveat from here on.</summary>
    public void Bind(uint number, CaveatRef caveat)
    {
        Invariant.That(number is > 0 && number <= pool.Most && !IsBound(number));
        string text = caveat.ToString();
        _caveats[number] = new Stored(caveat, text);
        _numbers[text] = number;
        pool.Use(number);
    }

    /// <summary>Writer only: so many more versions mention the number; with the last, it is freed.</summary>
    public void Mention(uint number, int change)
    {
        Stored stored = At(number);
        stored.Mentions += change;
        if (stored.Mentions == 0 && !pool.KeepsUnmentioned) Release(number);
    }

    /// <summary>Writer only: a number that nothing mentions stands for nothing at once, there being no reader.</summary>
    /// <returns>False if versions still mention it.</returns>
    public bool TryUnbind(uint number)
    {
        if (At(number).Mentions > 0) return false;
        _numbers.Remove(At(number).Text);
        _caveats[number] = null;
        return true;
    }

    /// <summary>Writer only: the number of a caveat; 0 when it is not known.</summary>
    public uint Find(CaveatRef caveat) => _numbers.TryGetValue(caveat.ToString(), out uint number) ? number : 0;

    /// <inheritdoc cref="NameTable.ReleaseUnmentioned"/>
    public IEnumerable<uint> ReleaseUnmentioned() => pool.Settle(number =>
    {
        if (!IsBound(number)) pool.GiveBack(number);
        else if (At(number).Mentions == 0) Release(number);
    });

    /// <summary>The caveat of a text that <see cref="CaveatRef.ToString"/> gave.</summary>
    public static CaveatRef Parse(string text) =>
        CaveatRef.TryParse(text, out CaveatRef caveat) ? caveat : throw new StoreFailedException($"the log is inconsistent: `{text}` is no caveat");

    void IReusable.Reuse(ulong what, int size)
    {
        _caveats[(uint)what] = null;
        pool.GiveBack((uint)what);
    }

    private void Release(uint number)
    {
        _numbers.Remove(At(number).Text);
        At(number).Mentions = Released;
        limbo.Retire(this, number);
    }
}
