using System.Collections.Immutable;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Verifying;

/// <summary>What a verification has proved and found so far.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<string>.Builder _proved = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<StoreFinding>.Builder _found = ImmutableArray.CreateBuilder<StoreFinding>();

    public void Prove(string sentence) => _proved.Add(sentence);

    public void Note(string file, long? offset, string sentence) => _found.Add(new StoreFinding(false, file, offset, sentence));

    public void Damage(string file, long? offset, string problem) => _found.Add(new StoreFinding(true, file, offset, problem));

    public void Damage(DamagedPlace place, string problem) => Damage(place.File, place.Offset, problem);

    /// <summary>Runs a step; what it throws is damage.</summary>
    /// <param name="file">Where the damage is, if the exception does not say.</param>
    /// <returns>Whether it ended well.</returns>
    public bool Try(string file, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DamagedPlace? place = (e as StoreFailedException)?.Place;
            Damage(place?.File ?? file, place?.Offset, e.Message);
            return false;
        }
    }

    public VerificationReport Report(Revision revision) => new(_proved.ToImmutable(), _found.ToImmutable(), revision);
}
